"""The pages of rebates beside each other."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.web.access import permissions
from lamplighter.web.ui.parts import Crumb, Tab

REBATES = Crumb("Rebates", "/desk/rebates/")
TABS = (
    ("Applications", "desk:rebates", "rebates.view"),
    ("Budgets and terms", "desk:rebate-budgets", "rebates.view"),
    ("Manual", "desk:rebate-manual", "rebates.view"),
    ("Others' incentives", "desk:rebate-others", "rebates.view"),
    ("Goals and carbon", "desk:rebate-goals", "rebates.view"),
)


def tabs(request: HttpRequest) -> list[Tab]:
    may = permissions(request)
    return [Tab(label, reverse(name), current=request.path == reverse(name)) for label, name, to in TABS if to in may]
