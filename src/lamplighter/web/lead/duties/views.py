"""Duties of all desks: today's turns, how the last weeks went, and each duty with its turns and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.web.access import needs
from lamplighter.web.desk.today.views import STANDS
from lamplighter.web.naming import name_of, names_of
from lamplighter.web.office import office_days
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit
from lamplighter.workforce.models import DeskDuty
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.queries.turns import Tally, Turn, tallies_of, turns_between
from lamplighter.workforce.rules.rhythm import LAST, Rhythm

DUTIES = Crumb("Duties", "/lead/duties/")
BACK = timedelta(days=30)
GRID = "ui/tables/grid.html"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TONES = {badge.text: badge.tone for badge in STANDS.values()}


class Turns(Table):
    """Turns with who, when and how."""

    title = Column("Duty", orderable=False)
    desk = Column("Desk", orderable=False)
    due = MomentColumn("Due", orderable=False)
    standing = BadgeColumn("State", orderable=False, tones=TONES)
    who = Column("Whose, or done by", orderable=False)
    evidence = Column("Evidence", orderable=False, default="")

    def row_url(self, record: Mapping[str, Any]) -> str:
        return str(record["url"])


class Past(Turns):
    """Turns of one duty."""

    day = DayColumn("Day", orderable=False)

    class Meta(Turns.Meta):
        exclude = ("title", "desk", "due")
        sequence = ("day", "...")


class Tallies(Table):
    """How each duty went; the name opens its turns."""

    title = Column("Duty", accessor="duty__title", orderable=False)
    due = NumberColumn("Due", orderable=False)
    on_time = NumberColumn("On time", orderable=False)
    late = NumberColumn("Late", orderable=False)
    missed = NumberColumn("Missed", orderable=False)

    def row_url(self, record: Tally) -> str:
        return reverse("lead:duty", args=[record.duty.pk])


@needs("team.lead")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Today, and the last thirty days in figures."""
    on, at = visit(request).on, visit(request).at
    turns = turns_between(on - BACK, on, at=at, calendar=office_days(request))
    of_today = [one for one in turns if one.day == on]
    return page(
        request, title="Duties",
        actions=[Action("Set a duty", reverse("lead:do-set-duty"), key="n", primary=True)],
        panels=[
            Panel("today", "Today", GRID, lambda: {"grid": grid(
                request, table=Turns, rows=told(of_today), caption="Today", name="today", per_page=100,
                empty=Empty("No duty falls on today."))}),
            Panel("past", "The last 30 days", GRID, lambda: {"grid": grid(
                request, table=Tallies, rows=tallies_of(turns), caption="The last 30 days", name="past", per_page=100,
                empty=Empty("No duty was due."))}),
        ],
    )  # fmt: skip


@needs("team.lead")
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One duty: what it asks, and its turns with their evidence."""
    duty, on = load_duty(pk), visit(request).on
    ended = duty.period.end is not None and duty.period.end <= on
    turns = [one for one in turns_between(on - BACK, on, at=visit(request).at, calendar=office_days(request))
             if one.duty.pk == pk]  # fmt: skip
    acts = [] if ended else [Action("End it", reverse("lead:do-end-duty", args=[pk]))]
    return page(
        request, title=duty.title, crumbs=[DUTIES], actions=acts,
        badges=[Badge("Ended", Tone.PLAIN)] if ended else [],
        panels=[
            Panel("turns", "The last 30 days", GRID, lambda: {"grid": grid(
                request, table=Past, rows=told(turns[::-1]), caption="Turns", name="turns", per_page=31,
                empty=Empty("It had no turn."))}),
            Panel("about", "About", "desk/accounts/facts.html", lambda: {"facts": _facts(duty)}, place="side"),
        ],
    )  # fmt: skip


def told(turns: list[Turn]) -> list[dict[str, Any]]:
    """Rows for a table of turns; one that can be handed over or sent back leads there."""
    people = names_of([one.done.by if one.done else one.owner for one in turns])
    rows = []
    for turn in turns:
        who = turn.done.by if turn.done else turn.owner
        shown = [f"{turn.done.count:,}" if turn.done and turn.done.count is not None else "",
                 str(turn.done.remark) if turn.done and turn.done.remark else ""]  # fmt: skip
        act = reverse("lead:do-turn", args=[turn.duty.pk, turn.day.isoformat()])
        rows.append({
            "title": turn.duty.title, "desk": turn.duty.get_desk_display(), "day": turn.day, "due": turn.due_at,
            "standing": STANDS[turn.standing].text, "who": people[who] if who else "anybody of the desk",
            "evidence": ", ".join(filter(None, shown)), "url": act,
        })  # fmt: skip
    return rows


def load_duty(pk: int) -> DeskDuty:
    found = DeskDuty.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such duty.")
    return found


def _facts(duty: DeskDuty) -> list[Fact]:
    last = duty.period.last_day if duty.period.end else None
    return [
        Fact("Desk", str(duty.get_desk_display())),
        Fact("List", WorkList(duty.list).label),
        Fact("When", f"{said(duty)}, by {duty.due:%H:%M}"),
        Fact("Whose", name_of(duty.owner) or "anybody of the desk"),
        Fact("Evidence", str(duty.get_evidence_display())),
        Fact("Since", day(duty.period.start)),
        *([Fact("Last day", day(last))] if last else []),
    ]


def said(duty: DeskDuty) -> str:
    match Rhythm(duty.rhythm):
        case Rhythm.DAILY:
            return "Each working day"
        case Rhythm.WEEKLY:
            return f"Each {WEEKDAYS[duty.place]}"
        case Rhythm.MONTHLY:
            return "The last working day of the month" if duty.place == LAST else f"Working day {duty.place}"
