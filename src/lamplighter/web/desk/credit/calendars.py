"""One account's way from its bill to the first day without power, as a calendar to be read aloud and printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from lamplighter.accounts.queries import Profile, profile
from lamplighter.credit.queries.openitems import style_of
from lamplighter.credit.rules.matching import Style
from lamplighter.credit.rules.pathway import weeks
from lamplighter.journeys.pathways import path_of
from lamplighter.web.access import needs
from lamplighter.web.desk.accounts.views import heading
from lamplighter.web.desk.openitems.views import bill_by_bill
from lamplighter.web.loading import load_account
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Empty
from lamplighter.web.visits import visit


@needs("accounts.view", "credit.view")
def calendar(request: HttpRequest, number: str) -> HttpResponseBase:
    """Each notice with its day, the clause that says so, and the days between."""
    known = profile(load_account(request, number, to="credit.view"), on=visit(request).on)
    panels = [Panel("calendar", "From the bill to the last day", "desk/credit/calendar.html",
                    lambda: shown(known, request))]  # fmt: skip
    if style_of(known.account, on=visit(request).on) is Style.OPEN:
        panels.append(Panel("items", "Its bills, each overdue by itself", "ui/tables/grid.html",
                            lambda: bill_by_bill(known.account, request)))  # fmt: skip
    head = {**heading(request, known, "desk:collection-calendar"), "title": "Collection calendar", "actions": []}
    return page(request, **head, panels=panels)


def shown(known: Profile, request: HttpRequest) -> Mapping[str, Any]:
    """The weeks and the marks, or why nothing is counted."""
    on = visit(request).on
    path = path_of(known.account, on=on)
    if not path.marks:
        return {"empty": Empty(f"No day is counted. {path.why}")}
    return {
        "weeks": weeks(path.marks, on=on, pack=path.pack), "marks": path.marks, "pack": path.pack, "asked_on": on,
        "number": known.account.number, "who": known.customer.name if known.customer else "No customer",
    }  # fmt: skip
