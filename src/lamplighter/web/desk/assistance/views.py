"""The pages of assistance: agencies with their balances, one agency with pledges, checks and people, one check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.credit.models import AgencyWorker, AssistanceAgency, AssistanceCheck, AssistanceCheckLine, Pledge
from lamplighter.credit.queries.pledges import agency_balances
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.assistance.tables import Agencies, Checks, Lines, Pledges
from lamplighter.web.desk.assistance.tabs import assistance_tabs
from lamplighter.web.naming import name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

ASSISTANCE = Crumb("Assistance", "/desk/assistance/")
GRID, FACTS = "ui/tables/grid.html", "desk/places/facts.html"


@needs("credit.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Who helps customers pay, what they have pledged, and what they paid that stands on no account yet."""
    acts = [Action("Add an agency", reverse("desk:do-add-assistance-agency"), key="n")]
    return table_page(
        request, title="Assistance", table=Agencies, rows=agency_balances(), empty=Empty("No agency yet."),
        tabs=assistance_tabs(request), actions=acts if "credit.decide" in permissions(request) else [],
    )  # fmt: skip


@needs("credit.view", "accounts.view")
def agency(request: HttpRequest, key: str) -> HttpResponseBase:
    """One agency: pledges, the checks that paid them, and who may speak for it."""
    found = load_agency(key)
    pledges = Pledge.objects.filter(agency=found).select_related("account", "line").order_by("outcome", "-pk")
    acts = []
    if {"credit.work", "payments.take"} <= permissions(request):
        acts.append(Action("Take in a check", reverse("desk:do-agency-check", args=[key]), key="i", primary=True))
        acts.append(Action("Type in a check", reverse("desk:do-typed-check", args=[key]), key="t"))
    if "credit.decide" in permissions(request):
        acts.append(Action("Add a person", reverse("desk:do-add-worker", args=[key]), key="p"))
    return page(
        request, title=found.name, crumbs=[ASSISTANCE], actions=acts,
        meta=[f"Pledges count for {found.runs_days} days"],
        panels=[
            Panel("pledges", "Pledges", GRID, lambda: {"grid": grid(
                request, table=Pledges, rows=pledges, caption="Pledges", name="pledges",
                empty=Empty("It has pledged nothing yet."))}),
            Panel("checks", "Checks and transfers", GRID, lambda: {"grid": grid(
                request, table=Checks, rows=checks(found), caption="Checks and transfers", name="checks",
                empty=Empty("Nothing came yet."))}),
            Panel("people", "Who speaks for it", FACTS, lambda: _people(found, request), place="side"),
        ],
    )  # fmt: skip


@needs("credit.view", "accounts.view")
def check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One check or transfer, line by line."""
    found = AssistanceCheck.objects.select_related("agency").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such check.")
    here = Crumb(found.agency.name, reverse("desk:assistance-agency", args=[found.agency_id]))
    return page(
        request, title=f"{found.reference}, {found.amount}", crumbs=[ASSISTANCE, here],
        meta=[f"Came {day(found.received_on, visit(request).on)}", f"Taken in by {name_of(found.made_by)}"],
        panels=[
            Panel("lines", "Lines", GRID, lambda: {"grid": grid(
                request, table=Lines, rows=lines(found), caption="Lines", name="lines", empty=Empty("No line."))}),
        ],
    )  # fmt: skip


def checks(agency: AssistanceAgency) -> QuerySet[AssistanceCheck]:
    waiting = Count("lines", filter=Q(lines__event__isnull=True))
    return AssistanceCheck.objects.filter(agency=agency).annotate(waiting=waiting).order_by("-pk")


def lines(found: AssistanceCheck) -> QuerySet[AssistanceCheckLine]:
    state = Case(When(event__isnull=True, then=Value("Waits")), default=Value("On an account"))
    rows = AssistanceCheckLine.objects.filter(of=found).annotate(state=state)
    return rows.select_related("pledge", "event").order_by("place")


def load_agency(key: str) -> AssistanceAgency:
    found = AssistanceAgency.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such agency.")
    return found


def _people(agency: AssistanceAgency, request: HttpRequest) -> Mapping[str, Any]:
    may = "credit.decide" in permissions(request)
    rows = AgencyWorker.objects.filter(agency=agency, ended_on__isnull=True).order_by("name")
    facts = [
        Fact(one.name, one.phone,
             Link("Ends", reverse("desk:do-end-worker", args=[agency.pk, one.pk]), panel=True) if may else None)
        for one in rows
    ]  # fmt: skip
    return {"facts": facts or [Fact("Nobody", "Add who may pledge by telephone")]}
