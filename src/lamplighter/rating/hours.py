"""Time-of-use clocks: named periods of the local week, with minutes, any set of week-days, and holidays.

A clock speaks of local wall time only. The 23-hour day has no 2 to 3 a.m. and the 25-hour day has 1 to 2 a.m.
twice; that is the measurer's business, not the tariff's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.rating.seasons import Season

DAY_MINUTES = 1440
EVERY_DAY = frozenset(range(7))
Stretch: TypeAlias = tuple[int, int, str]  # from minute, to minute (not included), name of the TOU period


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the local day, `start` up to `end`, on `days` (0 is Monday), in `seasons` and `months`.

    Where `end` is before `start` the window wraps: 22:00-06:00 means 00:00-06:00 and 22:00-24:00 of the same
    days. Empty `seasons` or `months` mean all of them.
    """

    start: int = 0
    end: int = DAY_MINUTES
    days: frozenset[int] = EVERY_DAY
    seasons: tuple[Season, ...] = ()
    months: frozenset[int] = frozenset()

    def stretches(self) -> tuple[tuple[int, int], ...]:
        if self.start < self.end:
            return ((self.start, self.end),)
        return ((0, self.end), (self.start, DAY_MINUTES)) if self.end else ((self.start, DAY_MINUTES),)

    def on(self, day: date, weekday: int) -> bool:
        return (
            weekday in self.days
            and (not self.months or day.month in self.months)
            and (not self.seasons or any(day in season for season in self.seasons))
        )


@dataclass(frozen=True, slots=True)
class OnDates(Window):
    """Minutes of certain dates alone, such as those on which the system peaked."""

    dates: frozenset[date] = frozenset()

    def on(self, day: date, weekday: int) -> bool:  # noqa: ARG002 - a date is a date on any day of the week
        return day in self.dates


@dataclass(frozen=True, slots=True)
class TouPeriod:
    """A period of the day with a price of its own. One without windows takes all other time."""

    name: str
    label: str
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspends:
    """On holidays the named periods do not run: their hours count as `become`."""

    periods: frozenset[str]
    become: str


@dataclass(frozen=True, slots=True)
class LikeWeekday:
    """Holidays run like this day of the week (6: Sunday)."""

    weekday: int


HolidayRule: TypeAlias = Suspends | LikeWeekday


@dataclass(frozen=True, slots=True)
class Clock:
    """Every minute of the year in one period. A tariff may have one clock for energy and one for demand."""

    name: str
    periods: tuple[TouPeriod, ...]
    holidays: HolidayCalendar = field(default_factory=HolidayCalendar)
    rule: HolidayRule | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(period.name for period in self.periods)

    def label(self, name: str) -> str:
        return next(period.label for period in self.periods if period.name == name)

    def at(self, day: date, minute: int) -> str:
        """The period in force at a local minute of a day."""
        return next(name for start, end, name in stretches(self, day) if start <= minute < end)

    def in_season(self, season: Season) -> Clock:
        """This clock with the hours of one season on every date, for tariffs whose hours follow the bill's season."""
        periods = tuple(
            replace(
                period, windows=tuple(replace(window, seasons=()) for window in period.windows if _of(window, season))
            )
            for period in self.periods
            if not period.windows or any(_of(window, season) for window in period.windows)
        )
        return replace(self, periods=periods)


def stretches(clock: Clock, day: date) -> tuple[Stretch, ...]:
    """The day's periods in order, from minute 0 to minute 1440 without a gap."""
    holiday = clock.rule is not None and day in clock.holidays
    weekday = day.weekday()
    match clock.rule:
        case LikeWeekday(weekday=like) if holiday:
            weekday = like
        case _:
            pass
    found = sorted(_named(clock, day, weekday))
    filled = tuple(_filled(clock, found))
    match clock.rule:
        case Suspends(periods=suspended, become=become) if holiday:
            return tuple((start, end, become if name in suspended else name) for start, end, name in filled)
        case _:
            return filled


class Timetable:
    """A clock with the days already looked up; made once for a measurement."""

    def __init__(self, clock: Clock) -> None:
        self._day = lru_cache(maxsize=1000)(lambda day: stretches(clock, day))

    def __call__(self, day: date) -> tuple[Stretch, ...]:
        return self._day(day)


def _named(clock: Clock, day: date, weekday: int) -> Iterator[Stretch]:
    for period in clock.periods:
        for window in period.windows:
            if window.on(day, weekday):
                for start, end in window.stretches():
                    yield start, end, period.name


def _filled(clock: Clock, found: list[Stretch]) -> Iterator[Stretch]:
    """Put the period that takes all other time into what the windows leave open."""
    other = next((period.name for period in clock.periods if not period.windows), "")
    at = 0
    for start, end, name in found:
        assert at <= start, f"{clock.name}: two periods at minute {start}"
        if at < start:
            assert other, f"{clock.name}: no period from minute {at}"
            yield at, start, other
        yield start, end, name
        at = end
    if at < DAY_MINUTES:
        assert other, f"{clock.name}: no period from minute {at}"
        yield at, DAY_MINUTES, other


def _of(window: Window, season: Season) -> bool:
    return not window.seasons or season in window.seasons
