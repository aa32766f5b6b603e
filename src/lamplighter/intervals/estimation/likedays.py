"""Reference days: the nearest days of the same kind whose intervals are validated, without an outage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.estimation.gaps import Policy
from lamplighter.intervals.slots import DAY, SlotCalendar
from lamplighter.kernel.calendars import FRIDAY, SUNDAY


class LikeDays:
    """The days of one calendar in the order in which they may stand for each other."""

    def __init__(self, calendar: SlotCalendar, policy: Policy) -> None:
        first = calendar.firsts[:-1]
        self._calendar = calendar
        self._policy = policy
        self._weekdays = calendar.weekdays[first].astype(np.int64)
        self._holidays = calendar.holidays[first]
        self._at_clock = _slots_by_clock(calendar)
        self._orders: dict[tuple[int, bool], tuple[Int64, Int64]] = {}
        told = [policy.degrees.get(calendar.day(day), np.nan) for day in range(calendar.days)] if policy.degrees else ()
        self._degrees = np.array(told, dtype=np.float64)

    @property
    def no_outage(self) -> Bool:
        """Days (D), none of them spoilt."""
        return np.zeros(len(self._weekdays), dtype=np.bool_)

    def by_day(self, first: int, end: int) -> Iterator[Int64]:
        """Slots `first:end` cut at midnights."""
        bounds = self._calendar.firsts
        cuts = bounds[(bounds > first) & (bounds < end)].tolist()
        for a, b in pairwise([first, *cuts, end]):
            yield np.arange(a, b)

    def mean(
        self, slots: Int64, values: Int64, good: Bool, spoilt: Bool, *, wanted: int = 0, proxy: bool = False
    ) -> tuple[Int64, Int64] | None:
        """Sums over reference days for slots of one day, and those days; None when there are too few. `wanted` days,
        or as many as the policy says; with `proxy` those of the nearest temperature.

        `values[S]`, `good[S]` (may be referred to) and `spoilt[D]` (days with an outage) are of one channel.
        """
        day = int(self._calendar.day_of[slots[0]])
        clock = _clock_positions(self._calendar, slots)
        same, like = self._order(day, proxy=proxy)
        wanted = wanted or self._policy.reference_days
        chosen = self._valid(same, clock, good, spoilt, wanted)
        if not proxy and len(chosen) < (self._policy.least_reference_days if self._holidays[day] else wanted):
            chosen = self._valid(like, clock, good, spoilt, wanted)
        if len(chosen) < self._policy.least_reference_days:
            return None
        sums: Int64 = values[self._at_clock[chosen][:, clock]].sum(axis=0)
        return sums, chosen

    def _valid(self, candidates: Int64, clock: Int64, good: Bool, spoilt: Bool, wanted: int) -> Int64:
        slots = self._at_clock[candidates][:, clock]
        usable = ((slots >= 0) & good[slots]).all(axis=1) & ~spoilt[candidates]
        return candidates[usable][:wanted]

    def _order(self, day: int, *, proxy: bool) -> tuple[Int64, Int64]:
        """Days of the same weekday, then of the same type, nearest first and the earlier of two equally near.

        A holiday is like holidays; without any, like Sundays. Proxy days are of the same type, the nearest in
        temperature by whole degrees first, and of two alike the nearer.
        """
        if (day, proxy) not in self._orders:
            days = np.arange(len(self._weekdays), dtype=np.int64)
            near = days[np.lexsort((days, np.abs(days - day)))]
            near = near[(near != day) & (np.abs(near - day) <= self._policy.farthest_days)]
            holiday, weekday = self._holidays[near], self._weekdays[near]
            if self._holidays[day]:
                same, like = near[holiday], near[~holiday & (weekday == SUNDAY)]
            else:
                own = self._weekdays[day]
                same_type = (weekday <= FRIDAY) == (own <= FRIDAY)
                same, like = near[~holiday & (weekday == own)], near[~holiday & same_type]
            if proxy:
                same = self._by_temperature(day, same if self._holidays[day] and len(same) else like)
            self._orders[day, proxy] = same, like
        return self._orders[day, proxy]

    def _by_temperature(self, day: int, days: Int64) -> Int64:
        """Those whose temperature is known and near enough, the nearest first; none where the day's own is not."""
        if not len(self._degrees):
            return days[:0]
        apart = np.abs(self._degrees[days] - self._degrees[day])
        near = apart <= self._policy.proxy_degrees  # what is not known is not near
        ordered: Int64 = days[near][np.argsort(np.rint(apart[near]), kind="stable")]
        return ordered


def _clock_positions(calendar: SlotCalendar, slots: Int64) -> Int64:
    if calendar.seconds == DAY:
        return np.zeros_like(slots)
    return calendar.minutes[slots].astype(np.int64) * 60 // calendar.seconds


def _slots_by_clock(calendar: SlotCalendar) -> Int64:
    """The slot at each clock time of each day, (D, times); -1 where the clock skips it, the first of two."""
    times = 1 if calendar.seconds == DAY else DAY // calendar.seconds
    table: Int64 = np.full((calendar.days, times), -1, dtype=np.int64)
    backwards = np.arange(calendar.slots - 1, -1, -1, dtype=np.int64)
    table[calendar.day_of[backwards], _clock_positions(calendar, backwards)] = backwards
    return table
