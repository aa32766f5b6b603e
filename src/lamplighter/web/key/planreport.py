"""The report over all plans that run: goals by their state, actions past their day, by plan or added up; on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.measuring import BEYOND
from lamplighter.keyaccounts.measures import GoalState
from lamplighter.keyaccounts.queries.plans import Reported, reported
from lamplighter.web.access import needs
from lamplighter.web.key.portfolio import tabs
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Chip, Empty, Tile, Tone
from lamplighter.web.ui.tables import Column, DayColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import counted
from lamplighter.web.visits import visit

BY = {"": "Each plan", "manager": "By manager", "tier": "By tier", "segment": "By segment"}
NONE = Empty("No plan runs. Begin one on the Plan page of an account.")
PAPER = 500
"""Rows on paper: there is no next page of a table to turn to."""


@dataclass(frozen=True, slots=True)
class Line:
    """Several plans added up, or one; `review_on` is the next of their reviews."""

    name: str
    plans: int
    states: Mapping[GoalState, int]
    late: int
    review_on: date
    url: str = ""

    def count(self, state: GoalState) -> int:
        return self.states.get(state, 0)

    @property
    def goals(self) -> int:
        return sum(self.states.values())


class Lines(Table):
    """Goals by state, of each plan or of several."""

    name = Column("Plans of")
    plans = NumberColumn("Plans")
    goals = NumberColumn("Goals")
    reached = NumberColumn("Reached", accessor="states", orderable=False)
    on_course = NumberColumn("On course", accessor="states", orderable=False)
    behind = NumberColumn("Behind", accessor="states", orderable=False)
    missed = NumberColumn("Missed", accessor="states", orderable=False)
    unmeasured = NumberColumn("Not measured", accessor="states", orderable=False)
    late = NumberColumn("Actions overdue")
    review_on = DayColumn("Next review")

    def row_url(self, record: Line) -> str:
        return record.url

    def render_reached(self, record: Line) -> int:
        return record.count(GoalState.REACHED)

    def render_on_course(self, record: Line) -> int:
        return record.count(GoalState.ON_COURSE)

    def render_behind(self, record: Line) -> int:
        return record.count(GoalState.BEHIND)

    def render_missed(self, record: Line) -> int:
        return record.count(GoalState.MISSED)

    def render_unmeasured(self, record: Line) -> int:
        return record.count(GoalState.UNMEASURED)

    value_reached, value_on_course, value_behind = render_reached, render_on_course, render_behind
    value_missed, value_unmeasured = render_missed, render_unmeasured


@needs("keyaccounts.view", "billing.view")
def plans(request: HttpRequest) -> HttpResponseBase:
    """`?by=` adds the plans up; `?print=1` is the paper. Goals stand as they were read this morning; one
    without a reading is measured now."""
    by, paper = request.GET.get("by", ""), "print" in request.GET
    by = by if by in BY else ""
    found = reported(on=visit(request).on, beyond=BEYOND)
    rows = [_line(one) for one in found] if not by else _added(found, by)
    shown = grid(request, table=Lines, rows=rows, caption="Plans", name="plans", empty=NONE,
                 per_page=PAPER if paper else 50)  # fmt: skip
    here = reverse("key:plans")
    chips = [Chip(label, f"{here}?by={key}" if key else here, on=key == by) for key, label in BY.items()]
    query = f"by={by}&print=1" if by else "print=1"
    return page(
        request, title="Account plans", meta=[f"{counted(len(found), 'plan')} under way"], tabs=tabs("key:plans"),
        actions=[] if paper else [Action("Print", f"{here}?{query}", key="p", panel=False)],
        template="key/plans_print.html" if paper else "ui/page.html",
        panels=[
            Panel("tiles", "Goals", "ui/gallery/tiles.html", lambda: {"tiles": _tiles(found)}, "top", frame=False),
            Panel("plans", BY[by], "key/plans.html",
                  lambda: {"grid": shown, "chips": [] if paper else chips, "chips_label": "Added up"}),
        ],
    )  # fmt: skip


def _line(one: Reported) -> Line:
    url = reverse("key:plan", args=[one.known.organisation.slug])
    return Line(one.known.organisation.person.name, 1, one.states, one.late, one.plan.review_on, url)


def _added(found: Sequence[Reported], by: str) -> list[Line]:
    groups: dict[str, list[Reported]] = defaultdict(list)
    for one in found:
        groups[_key(one, by)].append(one)
    return [
        Line(name, len(several), _sum(several), sum(one.late for one in several),
             min(one.plan.review_on for one in several))
        for name, several in sorted(groups.items())
    ]  # fmt: skip


def _key(one: Reported, by: str) -> str:
    match by:
        case "manager":
            return one.known.manager or "Nobody leads it"
        case "tier":
            return f"Tier {one.known.tier.name}"
        case _:
            return one.known.organisation.segment or "No segment"


def _sum(several: Sequence[Reported]) -> dict[GoalState, int]:
    return {state: sum(one.states.get(state, 0) for one in several) for state in GoalState}


def _tiles(found: Sequence[Reported]) -> list[Tile]:
    states = _sum(found)
    goals, late = sum(states.values()), sum(one.late for one in found)
    behind = f"{states[GoalState.BEHIND]} behind, {states[GoalState.UNMEASURED]} not measured"
    return [
        Tile("Reached", states[GoalState.REACHED], f"of {goals} goals"),
        Tile("On course", states[GoalState.ON_COURSE], behind),
        Tile("Missed", states[GoalState.MISSED], "past their day",
             Tone.BAD if states[GoalState.MISSED] else Tone.PLAIN),
        Tile("Actions overdue", late, "", Tone.BAD if late else Tone.PLAIN),
    ]  # fmt: skip
