"""On which days a duty falls, and how its turn of a day stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from lamplighter.kernel.calendars import HolidayCalendar

LAST = -1
MOST_IN_MONTH = 19
"""Most months have so many working days; one that has fewer, as November may, gives the turn to its last."""


class Rhythm(StrEnum):
    """How often a duty recurs. A day that is no working day gives its turn to the next one that is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Standing(StrEnum):
    """How a turn stands at an instant."""

    WAITING = "waiting"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"


def falls_on(rhythm: Rhythm, place: int, day: date, calendar: HolidayCalendar) -> bool:
    """Whether a duty has its turn on a day. `place` is the weekday (Monday 0) of a weekly duty, the working day of the
    month (1 the first, -1 the last) of a monthly one."""
    if not calendar.is_working_day(day):
        return False
    match rhythm:
        case Rhythm.DAILY:
            return True
        case Rhythm.WEEKLY:
            asked = (day - timedelta(days=back) for back in range(7))
            return any(one.weekday() == place and calendar.next_working_day(one) == day for one in asked)
        case Rhythm.MONTHLY:
            return day == _in_month(day, place, calendar)


def standing(due_at: datetime, done_at: datetime | None, at: datetime) -> Standing:
    """A turn that is done after its time was late; one that is not done by then is missed, until it is."""
    if done_at is not None:
        return Standing.DONE if done_at <= due_at else Standing.LATE
    return Standing.WAITING if at <= due_at else Standing.MISSED


def _in_month(day: date, place: int, calendar: HolidayCalendar) -> date:
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    while not calendar.is_working_day(last):
        last -= timedelta(days=1)
    if place == LAST:
        return last
    return min(last, calendar.add_working_days(calendar.next_working_day(first), place - 1))
