"""The rows that a goal's figure stands on: a page of each goal, and a part of the plan's paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.measuring import BEYOND
from lamplighter.keyaccounts.measures import MEASURES, GoalState, said, with_unit
from lamplighter.keyaccounts.models import Goal, GoalReading
from lamplighter.keyaccounts.queries.measuring import Behind
from lamplighter.keyaccounts.queries.plans import Standing, read_before, standing
from lamplighter.web.access import needs
from lamplighter.web.key.loading import PORTFOLIO, load_organisation
from lamplighter.web.ui.parts import Crumb, Empty, Link, Tone
from lamplighter.web.ui.tables import Column, DayColumn, Table, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

TONES = {
    GoalState.REACHED: Tone.GOOD, GoalState.ON_COURSE: Tone.INFO, GoalState.BEHIND: Tone.WATCH,
    GoalState.MISSED: Tone.BAD, GoalState.UNMEASURED: Tone.PLAIN,
}  # fmt: skip
WHERE = {
    "peak-kw": "key:load", "base-kw": "key:load", "load-factor": "key:load", "power-factor": "key:load",
    "kwh-year": "key:rates", "cost-year": "key:rates", "cents-kwh": "key:rates", "saved-kwh": "key:savings",
    "outages": "key:quality", "outage-minutes": "key:quality", "program-kwh": "key:account-rebates",
    "program-paid": "key:account-rebates", "touches": "key:account", "kept-promises": "key:account",
}  # fmt: skip
"""The organisation's page that tells more of a measure."""


class Rows(Table):
    """`Behind` rows with their figures in words."""

    on = DayColumn("Day")
    what = Column("What")
    figure = Column("Figure", empty_values=(), orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    def render_figure(self, record: Behind) -> str:
        return figure_of(record)

    def value_figure(self, record: Behind) -> str:
        return figure_of(record)


@needs("keyaccounts.view", "billing.view")
def goal(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    organisation, on = load_organisation(slug), visit(request).on
    found = Goal.objects.filter(pk=pk, plan__organisation=organisation, dropped_at=None)
    row = found.select_related("plan__organisation__person", "agreement__premise").first()
    if row is None:
        raise Http404("There is no such goal any more.")
    one = standing(row, row.plan, on=on, beyond=BEYOND)
    plan = reverse("key:plan", args=[slug])
    return table_page(
        request, title=row.title, table=Rows, rows=list(one.rows), meta=_meta(one, read_before(row, on=on)),
        crumbs=[PORTFOLIO, Crumb(str(organisation), reverse("key:account", args=[slug])), Crumb("Plan", plan)],
        empty=Empty(_nothing(one), _more(slug, row.measure)),
    )  # fmt: skip


def behind_all(found: Sequence[Standing]) -> Mapping[str, Any]:
    """Every goal that has rows, with them, for paper."""
    goals = [
        {
            "title": one.goal.title, "source": MEASURES[one.goal.measure].source,
            "rows": [
                {"on": "" if row.on is None else day(row.on), "what": row.what, "figure": figure_of(row)}
                for row in one.rows
            ],
            "days": any(row.on is not None for row in one.rows),
            "figures": any(row.value is not None for row in one.rows),
        }
        for one in found
        if one.rows
    ]  # fmt: skip
    return {"goals": goals, "empty": Empty("No figure stands on rows of its own yet.")}


def figure_of(row: Behind) -> str:
    if row.value is None:
        return ""
    places = {"kW": 1, "min": 1, "of 5": 1, "¢/kWh": 2, "$": 2}.get(row.unit, 0)
    return with_unit(row.value, row.unit, places)


def _meta(one: Standing, earlier: Sequence[GoalReading]) -> list[str]:
    goal = one.goal
    now = "not measured" if one.value is None else said(goal.measure, one.value)
    where = f", {goal.agreement.premise}" if goal.agreement else ""
    kind = MEASURES[goal.measure]
    before = [f"It was {said(goal.measure, row.value)} on {day(row.on)}" for row in earlier if row.value is not None]
    return [f"{kind.label}{where}: {now}", one.words, f"Target {said(goal.measure, goal.target)} by {day(goal.due_on)}",
            *before, f"Taken from {kind.source}"]  # fmt: skip


def _nothing(one: Standing) -> str:
    return "It can't be measured here yet." if one.value is None else "There are none in these days."


def _more(slug: str, measure: str) -> Link | None:
    page = WHERE.get(measure)
    return Link("Look at what is known", reverse(page, args=[slug])) if page else None
