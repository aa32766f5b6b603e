"""By when a matter is due, counted in hours or in the office's working days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lamplighter.kernel.calendars import HolidayCalendar


@dataclass(frozen=True, slots=True)
class Office:
    """When people are there: working days of `calendar` in `zone`; a day's work is due when the office `closes`."""

    zone: ZoneInfo
    calendar: HolidayCalendar = field(default_factory=HolidayCalendar)
    closes: time = time(17)


@dataclass(frozen=True, slots=True)
class WithinHours:
    """Round the clock, for what can't wait for the office: a broken meter, a threat."""

    hours: int

    def __post_init__(self) -> None:
        assert self.hours > 0


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """By closing time, so many working days later; 0 is today, or the next day that the office is open."""

    days: int

    def __post_init__(self) -> None:
        assert self.days >= 0


Due = WithinHours | WorkingDays


def due_at(due: Due, raised_at: datetime, office: Office) -> datetime:
    """The instant (UTC) at which something raised now is late. What comes after closing counts from the next day."""
    assert raised_at.tzinfo is not None, "an instant has a zone"
    match due:
        case WithinHours(hours):
            return raised_at + timedelta(hours=hours)
        case WorkingDays(days):
            local = raised_at.astimezone(office.zone)
            first = local.date() if local.time() < office.closes else local.date() + timedelta(days=1)
            day = office.calendar.add_working_days(office.calendar.next_working_day(first), days)
            return datetime.combine(day, office.closes, office.zone).astimezone(UTC)
