"""The team's board: what waits now, and how measured work stands to its goals; each number opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Contact
from lamplighter.kernel.periods import Period
from lamplighter.web.access import needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.work.views import ANYBODY
from lamplighter.web.ui.markup import badge
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Crumb, Empty, Tile, Tone
from lamplighter.web.ui.tables import Column, MomentColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit
from lamplighter.workforce.models import Goal
from lamplighter.workforce.queries.measures import MEASURES, Measured, measure_of, measured
from lamplighter.worklist.kinds import Desk, kind_of
from lamplighter.worklist.models import Item
from lamplighter.worklist.queries import by_kind, tallies

TEAM = Crumb("Team", "/desk/team/")
DAYS = {"1": "Today", "7": "7 days", "28": "28 days"}
MET = {"Yes": Tone.GOOD, "No": Tone.BAD}


class Waiting(Table):
    """What waits at the service desk now, by list."""

    label = Column("List", orderable=False)
    waiting = NumberColumn("Waiting", orderable=False)
    overdue = NumberColumn("Overdue", orderable=False)
    oldest = MomentColumn("The oldest, since", orderable=False)

    def row_url(self, record: Mapping[str, Any]) -> str:
        return str(record["url"])


class RowsOfMeasure(Table):
    """The rows behind a number: what it was, when, and whether it was as it should be."""

    what = Column("What", empty_values=(), orderable=False)
    number = IdColumn("Account", accessor="account_number", orderable=False, default="")
    at = MomentColumn("When, or due", orderable=False, accessor="moment")
    met = Column("Met", empty_values=(), orderable=False)

    def row_url(self, record: Contact | Item) -> str:
        if isinstance(record, Contact):
            return reverse("desk:contact", args=[record.pk])
        return reverse("desk:item", args=[record.pk])

    def value_what(self, record: Contact | Item) -> str:
        if isinstance(record, Contact):
            return record.label
        return record.of.label if record.of else record.kind

    def render_what(self, record: Contact | Item) -> str:
        return self.value_what(record)

    def value_met(self, value: bool | None) -> str:  # noqa: FBT001 - the library's signature
        return "Yes" if value else "No"

    def render_met(self, value: bool | None) -> Any:  # noqa: FBT001
        return badge(Badge(self.value_met(value), MET[self.value_met(value)]))


@needs("worklist.work")
def board(request: HttpRequest) -> HttpResponseBase:
    """The queue of now, and every measure of the last days against its goal."""
    period, chosen = period_of(request)
    found = measured(period, at=visit(request).at)
    acts = [Action("Set a goal", reverse("lead:do-goal"), key="g")] if "team.lead" in permissions(request) else []
    return page(
        request, title="Team", actions=acts, chips=chips(request, chosen), template="desk/team/board.html",
        meta=[f"{short_day(period.start, visit(request).on)} to {short_day(period.last_day, visit(request).on)}"],
        panels=[
            Panel("goals", "Goals and where they stand", "desk/accounts/tiles.html",
                  lambda: {"tiles": [tile(one, chosen) for one in found]}, "top", frame=False),
            Panel("queue", "Waiting now", "ui/tables/grid.html", lambda: _queue(request)),
        ],
    )  # fmt: skip


@needs("worklist.work")
def rows(request: HttpRequest, key: str) -> HttpResponseBase:
    """What one number counts; as many rows as it says."""
    measure = MEASURES.get(key)
    if measure is None:
        raise Http404("There is no such measure.")
    period, chosen = period_of(request)
    goal = Goal.objects.filter(measure=key, period__contains=period.last_day).first()
    found = measure_of(measure, period, at=visit(request).at, goal=goal)
    number = Account.objects.filter(pk=OuterRef("account")).values("number")[:1]
    shown = measure.rows(period, visit(request).at).annotate(account_number=Subquery(number))
    return table_page(
        request, title=measure.label, table=RowsOfMeasure, crumbs=[TEAM], chips=chips(request, chosen),
        rows=shown, meta=[said(found), f"Counted are {measure.counts}."],
        empty=Empty("Nothing of this kind in these days."),
    )  # fmt: skip


def tile(found: Measured, chosen: str) -> Tile:
    """`86 %`, `43 of 50, goal 90 %`."""
    tone = {True: Tone.GOOD, False: Tone.BAD, None: Tone.PLAIN}[found.reached]
    value = f"{found.percent} %" if found.percent is not None else "–"
    url = f"{reverse('desk:team-rows', args=[found.measure.key])}?days={chosen}"
    return Tile(found.measure.label, value, said(found), tone, url)


def said(found: Measured) -> str:
    aim = f"goal {found.goal.percent} %" if found.goal else "no goal is set"
    return f"{found.met:,} of {found.of:,}, {aim}" if found.of else f"nothing was due, {aim}"


def period_of(request: HttpRequest) -> tuple[Period, str]:
    """The last days up to today, as chosen by `?days=`."""
    chosen = request.GET.get("days", "7")
    chosen = chosen if chosen in DAYS else "7"
    on: date = visit(request).on
    return Period(on - timedelta(days=int(chosen) - 1), on + timedelta(days=1)), chosen


def chips(request: HttpRequest, chosen: str) -> list[Chip]:
    return [Chip(label, f"{request.path}?days={days}", on=days == chosen) for days, label in DAYS.items()]


def _queue(request: HttpRequest) -> Mapping[str, Any]:
    at = visit(request).at
    found = [one for one in tallies(at=at, permissions=permissions(request)) if one.desk is Desk.SERVICE]
    lists = []
    for key, count in sorted(by_kind(found).items(), key=lambda pair: (-pair[1].overdue, -pair[1].waiting)):
        kind = kind_of(key)
        lists.append({"label": kind.label if kind else key, "waiting": count.waiting, "overdue": count.overdue,
                      "oldest": count.oldest_at,
                      "url": f"{reverse('desk:work')}?kind={key}&whose={ANYBODY}"})  # fmt: skip
    empty = Empty("Nothing waits at the service desk.", good=True)
    return {"grid": grid(request, table=Waiting, rows=lists, caption="Waiting now", name="queue", empty=empty)}
