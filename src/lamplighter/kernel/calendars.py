"""Holidays as data, with the rule by which one that falls on a weekend is observed, and working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


class Observance(StrEnum):
    """Where a holiday goes that falls on a weekend. The day it moves to takes its place."""

    AS_IS = "as-is"
    SUNDAY_TO_MONDAY = "sunday-to-monday"  # a Saturday stays (NERC; Burbank)
    NEAREST_WEEKDAY = "nearest-weekday"  # Saturday to Friday, Sunday to Monday (federal offices; SRP)

    def of(self, day: date) -> date:
        if self is not Observance.AS_IS and day.weekday() == SUNDAY:
            return day + timedelta(days=1)
        if self is Observance.NEAREST_WEEKDAY and day.weekday() == SATURDAY:
            return day - timedelta(days=1)
        return day


@dataclass(frozen=True, slots=True)
class Holiday:
    """A yearly day: a fixed date (`day`), or the `nth` (1-5, -1 last) `weekday` of a month plus `offset` days."""

    name: str
    month: int
    day: int = 0
    nth: int = 0
    weekday: int = MONDAY
    offset: int = 0

    def __post_init__(self) -> None:
        assert 1 <= self.month <= 12
        assert bool(self.day) != bool(self.nth), f"{self.name}: a date or a weekday rule"
        assert not (self.month == 2 and self.day == 29), f"{self.name}: 29 February is not every year"

    def on(self, year: int) -> date:
        if self.day:
            return date(year, self.month, self.day)
        if self.nth > 0:
            first = date(year, self.month, 1)
            ahead = (self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1)
            return first + timedelta(days=ahead + self.offset)
        last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - self.weekday) % 7 - self.offset)


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    holidays: tuple[Holiday, ...] = ()
    observance: Observance = Observance.AS_IS

    def observed(self, year: int) -> dict[date, str]:
        """The days observed in a year; one may come from New Year's Day of the next."""
        return dict(_observed(self, year))

    def name(self, day: date) -> str | None:
        return _observed(self, day.year).get(day)

    def __contains__(self, day: date) -> bool:
        return day in _observed(self, day.year)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() <= FRIDAY and day not in self

    def next_working_day(self, day: date) -> date:
        """`day` itself when the office is open on it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted."""
        assert count >= 0
        for _ in range(count):
            day = self.next_working_day(day + timedelta(days=1))
        return day


@lru_cache(maxsize=1024)
def _observed(calendar: HolidayCalendar, year: int) -> dict[date, str]:
    moved = (
        (calendar.observance.of(holiday.on(near)), holiday.name)
        for near in (year - 1, year, year + 1)
        for holiday in calendar.holidays
    )
    return {day: name for day, name in moved if day.year == year}


NEW_YEAR = Holiday("New Year's Day", 1, day=1)
MARTIN_LUTHER_KING = Holiday("Martin Luther King Jr. Day", 1, nth=3)
PRESIDENTS = Holiday("Presidents' Day", 2, nth=3)
MEMORIAL = Holiday("Memorial Day", 5, nth=-1)
JUNETEENTH = Holiday("Juneteenth", 6, day=19)
INDEPENDENCE = Holiday("Independence Day", 7, day=4)
LABOR = Holiday("Labor Day", 9, nth=1)
COLUMBUS = Holiday("Columbus Day", 10, nth=2)
VETERANS = Holiday("Veterans Day", 11, day=11)
THANKSGIVING = Holiday("Thanksgiving Day", 11, nth=4, weekday=3)
DAY_AFTER_THANKSGIVING = Holiday("Day after Thanksgiving", 11, nth=4, weekday=3, offset=1)
CHRISTMAS = Holiday("Christmas Day", 12, day=25)

US_HOLIDAYS = {
    holiday.name: holiday
    for holiday in (
        NEW_YEAR, MARTIN_LUTHER_KING, PRESIDENTS, MEMORIAL, JUNETEENTH, INDEPENDENCE, LABOR, COLUMBUS, VETERANS,
        THANKSGIVING, DAY_AFTER_THANKSGIVING, CHRISTMAS,
    )
}  # fmt: skip
NERC_HOLIDAYS = (NEW_YEAR, MEMORIAL, INDEPENDENCE, LABOR, THANKSGIVING, CHRISTMAS)
