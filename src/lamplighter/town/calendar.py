"""When the office is open, when the ten cycles are read and billed, and what time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lamplighter.kernel.calendars import (
    CHRISTMAS,
    DAY_AFTER_THANKSGIVING,
    INDEPENDENCE,
    JUNETEENTH,
    LABOR,
    MARTIN_LUTHER_KING,
    MEMORIAL,
    NEW_YEAR,
    PRESIDENTS,
    THANKSGIVING,
    VETERANS,
    HolidayCalendar,
    Observance,
)

ZONE = ZoneInfo("America/Los_Angeles")
OFFICE = HolidayCalendar(
    (
        NEW_YEAR, MARTIN_LUTHER_KING, PRESIDENTS, MEMORIAL, JUNETEENTH, INDEPENDENCE, LABOR, VETERANS, THANKSGIVING,
        DAY_AFTER_THANKSGIVING, CHRISTMAS,
    ),
    Observance.NEAREST_WEEKDAY,
)  # fmt: skip
CYCLES = 10
"""Of two districts each: a utility of a few thousand meters reads its routes every other working day."""
READ_TO_BILL = 2
"""Working days between the read and the bill."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A month of a cycle (1 to 10): the day to which it is read and the day on which its bills go out."""

    cycle: int
    month: date
    reads_on: date
    bills_on: date


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant (UTC) by the clock on the office's wall."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def months_after(month: date, months: int) -> date:
    """The first of the month that is so many months later (or, negative, earlier)."""
    year, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, index + 1, 1)


def working_days(month: date) -> list[date]:
    days = [days_after(month.replace(day=1), n) for n in range(31)]
    return [day for day in days if day.month == month.month and OFFICE.is_working_day(day)]


def turn(cycle: int, month: date) -> Turn:
    """Cycles are spread evenly over the month's working days, eighteen to twenty-three of them."""
    days = working_days(month)
    reads_on = days[(cycle - 1) * len(days) // CYCLES]
    return Turn(cycle, month.replace(day=1), reads_on, OFFICE.add_working_days(reads_on, READ_TO_BILL))


def billed_turns(cycle: int, *, before: date, count: int) -> list[Turn]:
    """The last `count` turns whose bills went out before a day, oldest first."""
    month = before.replace(day=1)
    found = [turn(cycle, months_after(month, -back)) for back in range(count + 2)]
    return [one for one in found if one.bills_on < before][:count][::-1]


def turn_before(one: Turn) -> Turn:
    return turn(one.cycle, months_after(one.month, -1))


def turn_after(one: Turn) -> Turn:
    return turn(one.cycle, months_after(one.month, 1))
