"""Who helps with bills: agencies, and our own funds."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.web.access import permissions
from lamplighter.web.ui.parts import Tab

TABS = (("Agencies", "desk:assistance", "credit.view"), ("Funds", "desk:funds", "programs.view"))


def assistance_tabs(request: HttpRequest) -> list[Tab]:
    """Those that the person may open."""
    held = permissions(request)
    return [Tab(label, reverse(name), current=request.path == reverse(name)) for label, name, to in TABS if to in held]
