"""What stands behind rebates: budgets against commitments, terms, the manual, and what others give."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.rebates.models import Incentive, ManualEntry, RebateTerms
from lamplighter.rebates.queries.reporting import Spending, spendings
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.rebates.tables import Budgets, Manual, Others, TermsTable
from lamplighter.web.desk.rebates.tabs import REBATES, tabs
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Empty
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import short_day

GRID = "ui/tables/grid.html"


@needs("rebates.view")
def budgets(request: HttpRequest) -> HttpResponseBase:
    """What may be committed in each year, what is, and by which terms."""
    return page(
        request, title="Budgets and terms of rebates", tabs=tabs(request), crumbs=[REBATES],
        actions=_actions(request, ("New program", "program", "n"), ("Set a budget", "budget", "b"),
                         ("Set terms", "terms", "t")),
        panels=[
            Panel("budgets", "Budgets", GRID, lambda: {"grid": grid(
                request, table=Budgets, rows=[_spending(one) for one in spendings()], caption="Budgets", name="budgets",
                empty=Empty("No budget is set: applications wait for money."))}),
            Panel("terms", "Terms", GRID, lambda: {"grid": grid(
                request, table=TermsTable, rows=RebateTerms.objects.select_related("program").order_by(
                    "program__name", "-period"), caption="Terms", name="terms",
                empty=Empty("No terms are set: nobody can apply."))}),
        ],
    )  # fmt: skip


@needs("rebates.view")
def manual(request: HttpRequest) -> HttpResponseBase:
    """The technical reference manual, each entry with its days, version and source."""
    rows = ManualEntry.objects.select_related("measure").order_by("measure__name", "-period")
    return table_page(
        request, title="Technical reference manual", table=Manual, rows=rows, tabs=tabs(request), crumbs=[REBATES],
        empty=Empty("The manual is empty: no measure is offered."),
        actions=_actions(request, ("New measure", "measure", "n"), ("Set an entry", "entry", "e")),
    )  # fmt: skip


@needs("rebates.view")
def others(request: HttpRequest) -> HttpResponseBase:
    """What others give, by day, and whether it may be had beside ours."""
    rows = Incentive.objects.select_related("measure").order_by("giver", "name", "-period")
    return table_page(
        request, title="Incentives of others", table=Others, rows=rows, tabs=tabs(request), crumbs=[REBATES],
        empty=Empty("Nothing of others is written down."),
        actions=_actions(request, ("Set an incentive", "incentive", "i")),
    )  # fmt: skip


def _spending(one: Spending) -> dict[str, Any]:
    period = one.budget.period
    return {
        "program": one.budget.program.name,
        "year": f"{short_day(period.start)}, {period.start.year} to {short_day(period.last_day)}, "
                f"{period.last_day.year}",
        "amount": one.budget.amount, "reserved": one.reserved, "paid": one.paid, "left": one.left,
        "waiting": one.waiting, "citation": one.budget.citation,
    }  # fmt: skip


def _actions(request: HttpRequest, *acts: tuple[str, str, str]) -> list[Action]:
    if "programs.oversee" not in permissions(request):
        return []
    return [
        Action(label, reverse(f"desk:do-set-rebate-{name}"), key=key, primary=not at)
        for at, (label, name, key) in enumerate(acts)
    ]
