"""Which slots of a calendar an ask means: its days, its season by date, and its hours by the local clock."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from lamplighter.intervals.arrays import Bool, Int8
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.rating.determinants import Ask
from lamplighter.rating.hours import Clock, Timetable
from lamplighter.rating.seasons import Season


def slots_of(calendar: SlotCalendar, ask: Ask) -> Bool:
    """The slots in the days, season and TOU periods of an ask."""
    mask: Bool = np.zeros(calendar.slots, dtype=np.bool_)
    mask[calendar.slots_within(ask.period)] = True
    asked = ask.determinant
    if asked.season is not None:
        mask &= _days_in(calendar, asked.season)
    if asked.clock is not None:
        wanted = [asked.clock.names.index(name) for name in asked.periods]
        mask &= np.isin(codes_of(calendar, asked.clock), wanted)
    return mask


@lru_cache(maxsize=64)
def codes_of(calendar: SlotCalendar, clock: Clock) -> Int8:
    """The number of the clock's period at each slot."""
    table, names = Timetable(clock), clock.names
    codes: Int8 = np.empty(calendar.slots, dtype=np.int8)
    for index, day in enumerate(calendar.period):
        slots = slice(int(calendar.firsts[index]), int(calendar.firsts[index + 1]))
        stretches = table(day)
        which = np.searchsorted([start for start, _, _ in stretches], calendar.minutes[slots], side="right") - 1
        codes[slots] = np.array([names.index(name) for _, _, name in stretches], dtype=np.int8)[which]
    return codes


@lru_cache(maxsize=64)
def _days_in(calendar: SlotCalendar, season: Season) -> Bool:
    days = np.array([day in season for day in calendar.period], dtype=np.bool_)
    found: Bool = days[calendar.day_of]
    return found
