"""What a page of figures says on top: the policy that governs them; and where a parameter's figures are shown."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.journeys.parameters import AGEING, BILLING, FEES, LAW, OWN, RETENTION, Parameter
from lamplighter.policies.models import Adoption
from lamplighter.policies.queries.texts import governing
from lamplighter.web.access import may_open
from lamplighter.web.ui.parts import Alert, Level, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

PAGES = {BILLING: "admin-desk:policies", LAW: "lead:compliance", "deposits": "lead:deposit-terms",
         "limit": "admin-desk:rules", "program": "lead:program-terms", RETENTION: "admin-desk:retention",
         AGEING: "lead:compliance", FEES: "lead:compliance",
         **{each.key: "lead:compliance" for each in OWN}}  # fmt: skip


def governed(request: HttpRequest, *parameters: str) -> list[Alert]:
    """One line for each policy in force that governs any of them."""
    on = visit(request).on
    found = {one.pk: one for several in governing(parameters, on=on).values() for one in several}
    return [_alert(found[pk]) for pk in sorted(found)]


def page_of(request: HttpRequest, parameter: Parameter) -> Link | None:
    """Where its figures are shown, for whoever may open that page."""
    url = reverse(PAGES[parameter.key.partition(":")[0]])
    return Link("See", url) if may_open(request, url) else None


def _alert(adoption: Adoption) -> Alert:
    version = adoption.version
    return Alert(
        Level.KNOW, f"Governed by “{adoption.text.title}”",
        f"Version {version.number}, in force since {day(adoption.since)}, by {version.citation}.",
        Link("Read it", reverse("desk:text", args=[adoption.text.slug])),
    )  # fmt: skip
