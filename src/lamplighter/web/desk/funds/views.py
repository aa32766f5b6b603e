"""The pages of funds: all of them, one with its year, grants, book and givers, and one grant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Approval
from lamplighter.platform.queries.files import path_of
from lamplighter.programs.models import AssistanceFund, FundMove, FundTerms, Gift, Grant
from lamplighter.programs.queries.funds import book_of, fund_year, standing_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.asked import days_asked
from lamplighter.web.desk.assistance.tabs import assistance_tabs
from lamplighter.web.desk.funds.loading import load_fund, load_grant
from lamplighter.web.desk.funds.tables import Book, Funds, Givers, Grants
from lamplighter.web.loading import note_access
from lamplighter.web.naming import name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Fact, Level, Link
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

FUNDS = Crumb("Funds", "/desk/assistance/funds/")
GRID, FACTS = "ui/tables/grid.html", "desk/places/facts.html"
NEVER_GIVEN = {Grant.State.REFUSED, Grant.State.LAPSED, Grant.State.WITHDRAWN}


@needs("credit.view", "programs.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every fund with what it holds and what is free."""
    rows = []
    for fund in AssistanceFund.objects.order_by("name"):
        stands = standing_of(fund)
        rows.append({"key": fund.key, "name": fund.name, "held": stands.held, "reserved": stands.reserved,
                     "free": stands.free})  # fmt: skip
    acts = [Action("Open a fund", reverse("desk:do-open-fund"), key="n")]
    return table_page(
        request, title="Funds", table=Funds, rows=rows, tabs=assistance_tabs(request), empty=Empty("No fund yet."),
        actions=acts if "programs.oversee" in permissions(request) else [],
    )  # fmt: skip


@needs("credit.view", "programs.view", "accounts.view")
def fund(request: HttpRequest, key: str) -> HttpResponseBase:
    """One fund: what came and went in the days asked for, what it granted, its book, and who gives."""
    found, period = load_fund(key), days_asked(request, since=visit(request).on.replace(month=1, day=1))
    grants = Grant.objects.filter(fund=found).select_related("account").order_by("-pk")
    gifts = Gift.objects.filter(fund=found, period__endswith__isnull=True).select_related("account").order_by("-pk")
    acts = []
    if "programs.oversee" in permissions(request):
        acts = [Action("Set its terms", reverse("desk:do-fund-terms", args=[key]), key="t"),
                Action("Put money in", reverse("desk:do-fund-money", args=[key]), key="m")]  # fmt: skip
    return page(
        request, title=found.name, crumbs=[FUNDS], meta=[found.words], actions=acts, template="desk/funds/fund.html",
        first=period.start, last=period.last_day, here=reverse("desk:fund", args=[key]),
        panels=[
            Panel("grants", "Grants", GRID, lambda: {"grid": grid(
                request, table=Grants, rows=grants, caption="Grants", name="grants", empty=Empty("None yet."))}),
            Panel("book", "Its book", GRID, lambda: {"grid": grid(
                request, table=Book, rows=book_of(found), caption="Its book", name="book",
                empty=Empty("Nothing came yet."))}),
            Panel("givers", "Who gives", GRID, lambda: {"grid": grid(
                request, table=Givers, rows=gifts, caption="Who gives", name="givers", empty=Empty("Nobody yet."))}),
            Panel("now", "Now", FACTS, lambda: _now(found, visit(request).on), place="side"),
            Panel("year", f"{day(period.start)} to {day(period.last_day)}", FACTS, lambda: _year(found, period),
                  place="side"),
        ],
    )  # fmt: skip


@needs("credit.view", "programs.view", "accounts.view")
def grant(request: HttpRequest, number: str) -> HttpResponseBase:
    """One grant: how it stands, its paper, who asked and who decided."""
    found = load_grant(request, number, to="programs.view")
    return page(
        request, title=f"Grant {found.number}", crumbs=[FUNDS, Crumb(found.fund.name, reverse(
            "desk:fund", args=[found.fund_id]))], actions=_acts(found, request), alerts=_standing(found, request),
        panels=[Panel("facts", "What is asked", FACTS, lambda: {"facts": _facts(found, visit(request).on)})],
    )  # fmt: skip


@needs("credit.view", "programs.view", "accounts.view")
def certificate(request: HttpRequest, number: str) -> HttpResponseBase:
    """The agency's certificate, as it was sent."""
    found = load_grant(request, number, to="programs.view")
    if found.paper is None or not path_of(found.paper.pk).exists():
        raise Http404("No certificate came.")
    note_access(request, found.subject, "programs.view")
    response = FileResponse(path_of(found.paper.pk).open("rb"), content_type=found.paper.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _acts(found: Grant, request: HttpRequest) -> list[Action]:
    if found.state != Grant.State.WAITS or "programs.apply" not in permissions(request):
        return []
    acts = [Action("Take it back", reverse("desk:do-take-back-grant", args=[found.number]), key="b")]
    if found.waits_for.startswith("the agency"):
        bring = reverse("desk:do-certificate", args=[found.number])
        acts.insert(0, Action("The certificate came", bring, key="i", primary=True))
    return acts


def _standing(found: Grant, request: HttpRequest) -> list[Alert]:
    if found.waits_for:
        until = f"Until {day(found.papers_by, visit(request).on)}. " if found.papers_by and not found.paper_id else ""
        return [Alert(Level.WATCH, f"It waits for {found.waits_for}", f"{until}It counts against the debt meanwhile.")]
    if found.state in NEVER_GIVEN:
        return [Alert(Level.KNOW, str(found.get_state_display()), "What was kept for it is free again.")]
    return []


def _facts(found: Grant, on: date) -> list[Fact]:
    facts = [
        Fact("Account", found.account.number, Link("Open", reverse("desk:account", args=[found.account.number]))),
        Fact("Amount", found.amount),
        Fact("By", str(found.get_basis_display())),
        Fact("Asked", f"{day(found.asked_on, on)} by {name_of(found.asked_by)}"),
    ]
    if found.paper_id:
        facts.append(Fact("Certificate", "Came", Link("Look", reverse("desk:grant-paper", args=[found.number]))))
    asked = Approval.objects.filter(subject=found.subject).order_by("-pk").first()
    if asked is not None:
        facts.append(Fact("Second person", str(asked.get_state_display())))
    if found.ended_on and found.ended_by:
        facts.append(Fact(str(found.get_state_display()), f"{day(found.ended_on, on)} by {name_of(found.ended_by)}"))
    return facts


def _now(found: AssistanceFund, on: date) -> Mapping[str, Any]:
    stands = standing_of(found)
    facts = [Fact("Held", stands.held), Fact("Reserved by waiting grants", stands.reserved), Fact("Free", stands.free)]
    terms = FundTerms.objects.filter(fund=found, period__contains=on).first()
    if terms is None:
        return {"facts": [*facts, Fact("Terms", "None: nothing is granted until they are set")]}
    opened = ", ".join(terms.programs) or "an agency's certificate only"
    return {"facts": [*facts, Fact("A household, in twelve months", terms.cap), Fact("Opened by", opened),
                      Fact("By resolution", terms.citation)]}  # fmt: skip


def _year(found: AssistanceFund, period: Period) -> Mapping[str, Any]:
    """What came and went, by kind; the first and the last line are what the books held."""
    year = fund_year(found, period=period)
    moved = [Fact(str(FundMove.Kind(kind).label), amount) for kind, amount in year.moved.items()]
    return {"facts": [Fact("Held before", year.before), *moved, Fact("Held after", year.after),
                      Fact("Customers who gave", year.givers), Fact("Households helped", year.households)]}  # fmt: skip
