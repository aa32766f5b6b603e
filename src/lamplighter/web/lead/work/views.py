"""The unit's work: what waits with whom and since when, and what was finished and not looked at yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.work.views import NOBODY
from lamplighter.web.naming import ActorColumn, named, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Tab
from lamplighter.web.ui.tables import Column, MomentColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.visits import visit
from lamplighter.workforce.queries.reviews import to_review
from lamplighter.worklist.kinds import kind_of
from lamplighter.worklist.queries import by_owner, tallies

WORK = Crumb("Unit's work", "/lead/work/")
GRID = "ui/tables/grid.html"


class ByList(Table):
    """What waits, by desk, list and owner."""

    label = Column("List", orderable=False)
    desk = Column("Desk", orderable=False)
    owner = Column("Whose", orderable=False)
    waiting = NumberColumn("Waiting", orderable=False)
    overdue = NumberColumn("Overdue", orderable=False)
    oldest = MomentColumn("The oldest, since", orderable=False)

    def row_url(self, record: Mapping[str, Any]) -> str:
        return str(record["url"])


class ByOwner(Table):
    """How much each person has."""

    owner = Column("Whose", orderable=False)
    waiting = NumberColumn("Waiting", orderable=False)
    overdue = NumberColumn("Overdue", orderable=False)

    def row_url(self, record: Mapping[str, Any]) -> str:
        return str(record["url"])


class Finished(Table):
    """What somebody finished; the first cell opens the review."""

    what = Column("What", empty_values=(), orderable=False)
    summary = Column("Why it waited", orderable=False)
    outcome = Column("What came of it", orderable=False)
    owner = ActorColumn("By", accessor="owner_name", orderable=False)
    ended_at = MomentColumn("Finished", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("lead:do-review-work", args=[record.pk])

    def value_what(self, record: Any) -> str:
        return str(record.of.label if record.of else record.kind)

    def render_what(self, record: Any) -> str:
        return self.value_what(record)

    def render_outcome(self, value: str, record: Any) -> str:
        return dict(record.of.outcomes).get(value, value) if record.of else value


@needs("team.lead")
def listed(request: HttpRequest) -> HttpResponseBase:
    """By list and by person."""
    found = tallies(at=visit(request).at, permissions=permissions(request))
    people = names_of(one.owner for one in found)

    def lists() -> list[dict[str, Any]]:
        rows = []
        for one in sorted(found, key=lambda one: (-one.overdue, one.desk, one.kind)):
            kind = kind_of(one.kind)
            rows.append({
                "label": kind.label if kind else one.kind, "desk": one.desk.replace("-", " ").capitalize(),
                "owner": people[one.owner] if one.owner else "nobody yet", "waiting": one.waiting,
                "overdue": one.overdue, "oldest": one.oldest_at,
                "url": f"{reverse('desk:work')}?kind={one.kind}&whose={one.owner or NOBODY}",
            })  # fmt: skip
        return rows

    def owners() -> list[dict[str, Any]]:
        return [
            {"owner": people[owner] if owner else "nobody yet", "waiting": count.waiting, "overdue": count.overdue,
             "url": f"{reverse('desk:work')}?whose={owner or NOBODY}"}
            for owner, count in sorted(by_owner(found).items(), key=lambda pair: -pair[1].waiting)
        ]  # fmt: skip

    nothing = Empty("Nothing waits.", good=True)
    return page(
        request, title=WORK.text, tabs=tabs(request),
        actions=[Action("Move work", reverse("lead:do-rebalance"), key="m", primary=True)],
        panels=[
            Panel("lists", "By list", GRID, lambda: {"grid": grid(
                request, table=ByList, rows=lists(), caption="By list", name="lists", empty=nothing, per_page=100)}),
            Panel("people", "By person", GRID, lambda: {"grid": grid(
                request, table=ByOwner, rows=owners(), caption="By person", name="people", empty=nothing,
                per_page=100)}, "side"),
        ],
    )  # fmt: skip


@needs("team.lead")
def finished(request: HttpRequest) -> HttpResponseBase:
    """What colleagues finished in the last two weeks and nobody looked at a second time."""
    rows = to_review(permissions=permissions(request), by=actor(request), at=visit(request).at)
    return table_page(
        request, title="Finished work", table=Finished, rows=rows.annotate(owner_name=named("owner")), crumbs=[WORK],
        tabs=tabs(request), empty=Empty("Everything was looked at.", good=True),
    )  # fmt: skip


def tabs(request: HttpRequest) -> list[Tab]:
    named_pages = (("Waiting", "lead:work"), ("Finished, to review", "lead:work-finished"))
    return [Tab(label, reverse(name), current=request.path == reverse(name)) for label, name in named_pages]
