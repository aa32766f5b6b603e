"""Calendars of slots: where the intervals of local days begin, and what the clock on the wall says there.

A slot is one interval of a channel. Local days of 23 and 25 hours have 92 and 100 quarter hours; a channel whose
interval is the local day (86,400 s) has one slot a day, however long that day is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.intervals.arrays import Bool, Int8, Int16, Int32, Int64
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period

DAY = 86_400
EARLIEST = 631_152_000  # 1990-01-01 UTC
LATEST = 4_102_444_800  # 2100-01-01 UTC
_EPOCH = date(1970, 1, 1)
_NO_HOLIDAYS = HolidayCalendar()


@dataclass(frozen=True, slots=True)
class DayRun:
    """Neighbouring days with the same number of slots, so that an array can be folded to day x slot."""

    days: slice
    slots: slice
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class SlotCalendar:
    """The slots of the local days of a period. Arrays are shared and read-only: D days, S slots.

    `edges[S+1]` epoch seconds (UTC) at which slots begin, and the last ends; `day_of[S]` index of the local day;
    `minutes[S]` wall-clock minutes since midnight (twice the same in the repeated hour); `weekdays[S]` Monday 0;
    `holidays[S]`; `firsts[D+1]` the first slot of each day.
    """

    period: Period
    seconds: int
    zone: ZoneInfo
    edges: Int64
    firsts: Int64
    day_of: Int32
    minutes: Int16
    weekdays: Int8
    holidays: Bool
    runs: tuple[DayRun, ...]

    @property
    def days(self) -> int:
        return len(self.firsts) - 1

    @property
    def slots(self) -> int:
        return len(self.day_of)

    @property
    def starts(self) -> Int64:
        return self.edges[:-1]

    @property
    def ordinals(self) -> Int32:
        """Days since 1970-01-01 of each local day, as Arrow's date32 has them."""
        return np.arange(self.days, dtype=np.int32) + np.int32(ordinal(self.period.start))

    def day(self, index: int) -> date:
        return self.period.start + timedelta(days=index)

    def slots_of(self, day: date) -> slice:
        """The slots of one local day of the period."""
        assert day in self.period, f"{day} is not among {self.period}"
        index = (day - self.period.start).days
        return slice(int(self.firsts[index]), int(self.firsts[index + 1]))

    def slots_within(self, period: Period) -> slice:
        """The slots of the days that `period` and the calendar share."""
        shared = self.period & period
        if shared is None:
            return slice(0, 0)
        first = (shared.start - self.period.start).days
        return slice(int(self.firsts[first]), int(self.firsts[first + shared.days]))

    def bounds_at(self, instants: Int64) -> Int64:
        """Of each instant the number of the slot bound that it is (0 to S), -1 where it lies within a slot."""
        bounds = np.searchsorted(self.edges, instants)
        inside = bounds <= self.slots
        inside[inside] = self.edges[bounds[inside]] == instants[inside]
        return np.where(inside, bounds, -1)

    def clock(self, slot: int) -> str:
        """`2025-11-02 01:15`: the local label of a slot's beginning."""
        hour, minute = divmod(int(self.minutes[slot]), 60)
        return f"{self.day(int(self.day_of[slot]))} {hour:02d}:{minute:02d}"


@lru_cache(maxsize=64)
def slot_calendar(
    period: Period, *, seconds: int, zone: ZoneInfo, holidays: HolidayCalendar = _NO_HOLIDAYS
) -> SlotCalendar:
    """The calendar of a closed period, made with zoneinfo once and kept.

    Raises ValueError when an interval of `seconds` does not fit whole into every local day.
    """
    midnights = local_midnights(zone, ordinal(period.start), period.days)
    widths = slots_per_day(midnights, seconds)
    firsts = np.concatenate(([0], np.cumsum(widths)))
    day_of = np.repeat(np.arange(period.days, dtype=np.int32), widths)
    edges = midnights if seconds == DAY else midnights[0] + seconds * np.arange(firsts[-1] + 1, dtype=np.int64)
    days = list(period)
    weekdays = np.array([day.weekday() for day in days], dtype=np.int8)
    festive = np.array([day in holidays for day in days], dtype=np.bool_)
    calendar = SlotCalendar(
        period=period, seconds=seconds, zone=zone, edges=edges, firsts=firsts, day_of=day_of,
        minutes=_minutes(edges[:-1], midnights, day_of, zone), weekdays=weekdays[day_of], holidays=festive[day_of],
        runs=_runs(widths, firsts),
    )  # fmt: skip
    for array in (edges, firsts, day_of, calendar.minutes, calendar.weekdays, calendar.holidays):
        array.setflags(write=False)
    return calendar


def local_midnights(zone: ZoneInfo, first: int, count: int) -> Int64:
    """Epoch seconds at which `count` local days from ordinal `first` begin, and the last ends: `count + 1` values."""
    years = range(day_at(first).year, day_at(first + count).year + 1)
    whole = np.concatenate([_midnights_of_year(zone, year) for year in years])
    skip = first - ordinal(date(years[0], 1, 1))
    return whole[skip : skip + count + 1].copy()


def slots_per_day(midnights: Int64, seconds: int) -> Int64:
    """How many slots each day has. Raises ValueError when `seconds` does not divide a day's length."""
    lengths = np.diff(midnights)
    if seconds == DAY:
        return np.ones_like(lengths)
    if seconds < 60 or seconds % 60 or (lengths % seconds).any():
        raise ValueError(
            f"an interval of {seconds} s does not fit whole into local days; use whole minutes that divide an hour,"
            f" or {DAY} for one slot a day"
        )
    return lengths // seconds


def local_day_of(instants: Int64, zone: ZoneInfo) -> tuple[Int64, Int64]:
    """Of each instant (1990-2100) the local day, as days since 1970-01-01, and the instant at which it begins."""
    if not len(instants):
        return instants, instants
    first = int(instants.min()) // DAY - 2
    midnights = local_midnights(zone, first, int(instants.max()) // DAY - first + 3)
    days = np.searchsorted(midnights, instants, side="right") - 1
    return days + first, midnights[days]


def ordinal(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_at(days: int) -> date:
    """The day that is `days` after 1970-01-01."""
    return _EPOCH + timedelta(days=days)


@lru_cache(maxsize=512)
def _midnights_of_year(zone: ZoneInfo, year: int) -> Int64:
    days = Period(date(year, 1, 1), date(year + 1, 1, 1))
    return np.array([int(midnight(day, zone).timestamp()) for day in days], dtype=np.int64)


def _minutes(starts: Int64, midnights: Int64, day_of: Int32, zone: ZoneInfo) -> Int16:
    """Wall-clock minutes; on days whose clocks change each slot is asked for, on others it is arithmetic."""
    minutes = ((starts - midnights[day_of]) // 60).astype(np.int16)
    changed = np.flatnonzero((np.diff(midnights) != DAY)[day_of])
    for slot in changed.tolist():
        local = datetime.fromtimestamp(int(starts[slot]), UTC).astimezone(zone)
        minutes[slot] = local.hour * 60 + local.minute
    return minutes


def _runs(widths: Int64, firsts: Int64) -> tuple[DayRun, ...]:
    cuts = [0, *(np.flatnonzero(np.diff(widths)) + 1).tolist(), len(widths)]
    return tuple(
        DayRun(slice(a, b), slice(int(firsts[a]), int(firsts[b])), int(widths[a])) for a, b in pairwise(cuts) if a < b
    )
