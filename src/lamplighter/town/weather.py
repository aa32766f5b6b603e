"""The one weather station of Marisol Bay: mild, with a hot week in September and a cold snap in January.

A day's weather follows from its date alone, whatever period is asked for.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lamplighter.intervals.slots import DAY, SlotCalendar, slot_calendar
from lamplighter.kernel.periods import Period

Floats = NDArray[np.float64]
SEED = 90555
HEAT_BELOW, COOL_ABOVE = 58.0, 70.0
HOT_WEEK = ((9, 14), (9, 20))
COLD_SNAP = ((1, 8), (1, 14))


def temperatures(calendar: SlotCalendar) -> Floats:
    """Degrees Fahrenheit in each slot; of slots that are days, the mean."""
    return on_slots(_hourly(calendar.period, calendar.zone), calendar)


def heating(calendar: SlotCalendar) -> Floats:
    """By how many degrees it is too cold, in each slot."""
    return on_slots(np.maximum(0.0, HEAT_BELOW - _hourly(calendar.period, calendar.zone)), calendar)


def cooling(calendar: SlotCalendar) -> Floats:
    """By how many degrees it is too hot, in each slot."""
    return on_slots(np.maximum(0.0, _hourly(calendar.period, calendar.zone) - COOL_ABOVE), calendar)


def sunshine(calendar: SlotCalendar) -> Floats:
    """The part of its peak that a solar roof gives in each slot."""
    hours = slot_calendar(calendar.period, seconds=3600, zone=calendar.zone)
    year = np.array([np.cos((day.timetuple().tm_yday - 172) / 365 * 2 * np.pi) for day in calendar.period])
    clear = np.array([_clearness(day) for day in calendar.period])
    length = (12.1 + 2.5 * year)[hours.day_of]
    height = np.sin(np.clip((hours.minutes / 60 + 0.5 - 12.7 + length / 2) / length, 0, 1) * np.pi).round(9)
    return on_slots(height * ((0.78 + 0.14 * year) * clear)[hours.day_of], calendar)


def on_slots(hourly: Floats, calendar: SlotCalendar) -> Floats:
    """What is so each hour, in the slots of another calendar of the same days: repeated, or the mean of the day."""
    if calendar.seconds == DAY:
        hours = slot_calendar(calendar.period, seconds=3600, zone=calendar.zone)
        found: Floats = np.add.reduceat(hourly, hours.firsts[:-1]) / np.diff(hours.firsts)
        return found
    return np.repeat(hourly, 3600 // calendar.seconds)


@lru_cache(maxsize=4)
def _hourly(period: Period, zone: ZoneInfo) -> Floats:
    hours = slot_calendar(period, seconds=3600, zone=zone)
    means = np.array([_mean(day) for day in period])[hours.day_of]
    swings = np.array([_swing(day) for day in period])[hours.day_of]
    found: Floats = means - swings * np.cos((hours.minutes / 60 - 3) / 24 * 2 * np.pi)
    found.setflags(write=False)
    return found


def _mean(day: date) -> float:
    season = 58.0 - 6.5 * np.cos((day.timetuple().tm_yday - 20) / 365 * 2 * np.pi)
    anomaly = _anomalies(day.year)[day.timetuple().tm_yday - 1]
    return float(season + anomaly + (17.0 if _within(day, HOT_WEEK) else -11.0 if _within(day, COLD_SNAP) else 0.0))


def _swing(day: date) -> float:
    return 11.0 if _within(day, HOT_WEEK) else 6.5


def _clearness(day: date) -> float:
    return float(_clouds(day.year)[day.timetuple().tm_yday - 1])


@lru_cache(maxsize=8)
def _clouds(year: int) -> Floats:
    return 1 - 0.55 * np.random.default_rng([SEED, year, 1]).beta(1.2, 4.0, 366)


@lru_cache(maxsize=8)
def _anomalies(year: int) -> Floats:
    """Warm and cool spells of a few days."""
    steps = np.random.default_rng([SEED, year]).normal(0, 1.6, 366)
    found = np.empty(366)
    last = 0.0
    for day, step in enumerate(steps):
        found[day] = last = 0.75 * last + step
    return found


def _within(day: date, season: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    first, last = season
    return first <= (day.month, day.day) <= last
