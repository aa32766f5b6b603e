"""The turns of duties on days: whose, until when, with which evidence; and what keeps a list from being finished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.workforce.models import DeskDuty, DutyDone, DutyHandover, ListFinish
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.rules.rhythm import Rhythm, Standing, falls_on, standing
from lamplighter.worklist.kinds import Desk, kinds


@dataclass(frozen=True, slots=True)
class Turn:
    """One day of a duty."""

    duty: DeskDuty
    day: date
    due_at: datetime
    owner: Actor | None
    done: DutyDone | None
    standing: Standing

    @property
    def open(self) -> bool:
        return self.done is None


@dataclass(frozen=True, slots=True)
class Tally:
    """How the turns of one duty went in some days; `due` are those whose time is over or that are done."""

    duty: DeskDuty
    due: int
    on_time: int
    late: int
    missed: int


def turns_between(first: date, last: date, *, at: datetime, calendar: HolidayCalendar) -> list[Turn]:
    """Every turn from `first` to `last`, both included, by day and due time. Three queries, however many days."""
    duties = list(DeskDuty.objects.order_by("due", "title", "id"))
    done = {(one.duty_id, one.day): one for one in _standing(first, last)}
    handed = {(one.duty_id, one.day): one.to for one in _handovers(first, last)}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = []
    for day in days:
        for duty in duties:
            if day in duty.period and falls_on(Rhythm(duty.rhythm), duty.place, day, calendar):
                due_at, last_done = due_of(duty, day), done.get((duty.pk, day))
                stands = standing(due_at, last_done.at if last_done else None, at)
                owner = handed.get((duty.pk, day), duty.owner)
                found.append(Turn(duty, day, due_at, owner, last_done, stands))
    return found


def turn_of(duty: DeskDuty, day: date, *, at: datetime, calendar: HolidayCalendar) -> Turn | None:
    return next((one for one in turns_between(day, day, at=at, calendar=calendar) if one.duty == duty), None)


def due_of(duty: DeskDuty, day: date) -> datetime:
    return datetime.combine(day, duty.due, ZoneInfo(settings.UTILITY_ZONE)).astimezone(UTC)


def tallies_of(turns: Iterable[Turn]) -> list[Tally]:
    """By duty, in the order in which they come."""
    found: dict[int, list[Turn]] = {}
    for turn in turns:
        if turn.standing is not Standing.WAITING:
            found.setdefault(turn.duty.pk, []).append(turn)
    return [
        Tally(rows[0].duty, len(rows), *(sum(row.standing is kind for row in rows)
                                         for kind in (Standing.DONE, Standing.LATE, Standing.MISSED)))
        for rows in found.values()
    ]  # fmt: skip


def desks_of(permissions: frozenset[str]) -> frozenset[Desk]:
    """The desks at which somebody with these permissions works."""
    return frozenset(kind.desk for kind in kinds() if kind.permission in permissions)


def finish_of(which: WorkList, day: date) -> ListFinish | None:
    return ListFinish.objects.filter(list=which, day=day).first()


def keeps_open(which: WorkList, turns: Iterable[Turn]) -> list[str]:
    """Why a list can't be finished: a duty that is not done; at closing, a drawer that is open."""
    found = [f"“{one.duty}” is not done." for one in turns if one.duty.list == which and one.open]
    if which == WorkList.CLOSING:
        found += [f"{control.source.name} is open. Count and close it." for control in open_drawers()]
    return found


def open_drawers() -> list[TenderControl]:
    rows = TenderControl.objects.filter(source__kind=TenderSource.Kind.DRAWER, state=TenderControl.State.OPEN)
    return list(rows.select_related("source").order_by("source__name"))


def _standing(first: date, last: date) -> Iterable[DutyDone]:
    """The newest of each turn that was not sent back."""
    rows = DutyDone.objects.filter(day__range=(first, last), returned__isnull=True)
    return rows.select_related("remark").order_by("id")


def _handovers(first: date, last: date) -> Iterable[DutyHandover]:
    return DutyHandover.objects.filter(day__range=(first, last)).order_by("id")
