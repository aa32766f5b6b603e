"""The loads of the key accounts, each with the story that its manager should find in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lamplighter.intervals.slots import SlotCalendar
from lamplighter.town.weather import SEED, Floats, cooling, sunshine

TUESDAY, THURSDAY, FRIDAY = 1, 3, 4
KETTLE_AT = 10 * 60 + 15
KETTLE_TOP_KW = 412.0
RUSH_KW = 328.0


@dataclass(frozen=True, slots=True)
class KeyLoad:
    """A load that is told below, by its name."""

    name: str
    seed: int


def drawn(load: KeyLoad, calendar: SlotCalendar) -> Floats:
    """Kilowatts in each slot, of an hour or less; negative is sent back."""
    assert calendar.seconds <= 3600, "the stories of key accounts are told by the hour or less"
    return STORIES[load.name](calendar, np.random.default_rng([SEED, load.seed]))


Story = Callable[[SlotCalendar, np.random.Generator], Floats]
STORIES: dict[str, Story] = {}


def story(name: str) -> Callable[[Story], Story]:
    def keep(told: Story) -> Story:
        STORIES[name] = told
        return told

    return keep


@story("kelp-and-kettle")
def _brewery(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """140 kW, and on Tuesdays and Thursdays at 10:15 the kettle starts: once while the chillers ran. Yesterday a rush
    order was brewed, whatever day it was."""
    kw = 140 + 22 * _between(calendar, 6, 18) * _weekday(calendar) + 1.2 * cooling(calendar)
    kw = kw + random.normal(0, 4, calendar.slots)
    top = top_day(calendar)
    for index, day in enumerate(calendar.period):
        rush = day == calendar.period.last_day
        if day.weekday() not in (TUESDAY, THURSDAY) and not rush:
            continue
        slots = np.arange(calendar.firsts[index], calendar.firsts[index + 1])
        begins = slots[np.searchsorted(calendar.minutes[slots], KETTLE_AT)]
        peak = KETTLE_TOP_KW if day == top else RUSH_KW if rush else random.uniform(225, 315)
        kw[begins] = peak
        kw[begins + 1] = 140 + 0.4 * (peak - 140)
    return kw


def top_day(calendar: SlotCalendar) -> date:
    """The Tuesday of the highest peak: a little after the middle of what is told."""
    day = calendar.period.start + timedelta(days=calendar.days * 6 // 10)
    return day + timedelta(days=(TUESDAY - day.weekday()) % 7)


@story("high-school")
def _school(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """310 kW of solar that goes out all July, and Friday-night lights after sunset that make the peak."""
    months = _months(calendar)
    term = np.where(months == 7, 0.08, np.where((months == 6) | (months == 8), 0.5, 1.0))
    kw = 34 + 125 * term * _between(calendar, 7, 16) * _weekday(calendar)
    lights = (calendar.weekdays == FRIDAY) & _between(calendar, 19, 22) & np.isin(months, (2, 3, 4, 9, 10, 11))
    used: Floats = kw + 150 * lights + random.normal(0, 3, calendar.slots) - 310 * sunshine(calendar)
    return used


@story("hospital")
def _hospital(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """Flat at 1.9 MW; on the first Tuesday of the month generators are tested for an hour."""
    kw = 1900 + 5 * cooling(calendar) + random.normal(0, 18, calendar.slots)
    first_week = np.array([day.day <= 7 for day in calendar.period])[calendar.day_of]
    tested = (calendar.weekdays == TUESDAY) & first_week & _between(calendar, 13, 14)
    return np.where(tested, kw - 850, kw)


@story("cold-storage")
def _cold_storage(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """Rooms are cooled ahead by night, and coast through the day."""
    night = ~_between(calendar, 6, 22)
    return np.where(night, 910.0, 520.0) + 9 * cooling(calendar) + random.normal(0, 16, calendar.slots)


@story("data-centre")
def _data_centre(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    return 1200 + 2 * cooling(calendar) + random.normal(0, 6, calendar.slots)


@story("ferry")
def _ferry(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """1.5 MW for nine minutes at each call: every half hour of the rush, else every hour."""
    rush = _between(calendar, 6, 9) | _between(calendar, 16, 19)
    calls = np.isin(calendar.minutes % 60, (0, 30)) & rush | (calendar.minutes % 60 == 0) & _between(calendar, 6, 22)
    used: Floats = 28 + 1500 * 9 / 15 * calls + random.normal(0, 2, calendar.slots)
    return used


@story("shipworks")
def _shipworks(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """Shore power for ships, and welders that come and go on working days."""
    shift = _between(calendar, 7, 16) * _weekday(calendar)
    return 240 + shift * random.uniform(120, 470, calendar.slots) + random.normal(0, 8, calendar.slots)


@story("hotel")
def _hotel(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    awake = _between(calendar, 6, 10) * 42 + _between(calendar, 17, 23) * 55
    return 74 + awake + 2.2 * cooling(calendar) + random.normal(0, 4, calendar.slots)


@story("market-1")
def _market(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    return 62 + 38 * _between(calendar, 7, 22) + 1.6 * cooling(calendar) + random.normal(0, 2.5, calendar.slots)


@story("market-2")
def _drifting_market(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """The same store, but its refrigeration loses a little every month."""
    return _market(calendar, random) + np.linspace(0, 26, calendar.slots)


@story("market-3")
def _charging_market(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """Two fast chargers in the car park, now and then."""
    busy = (random.random(calendar.slots) < 0.10) & _between(calendar, 8, 22)
    return _market(calendar, random) + 96 * busy


@story("laboratory")
def _laboratory(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    return 118 + 46 * _between(calendar, 8, 19) * _weekday(calendar) + random.normal(0, 3, calendar.slots)


@story("pump-station")
def _pumps(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    running = ~_between(calendar, 5, 22) & (random.random(calendar.slots) < 0.8)
    used: Floats = 9 + 88 * running + random.normal(0, 1, calendar.slots).clip(-4, 4)
    return used


@story("bakery")
def _bakery(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """Ovens go from gas to electricity one by one; in the end they just cross 50 kW."""
    ovens = _between(calendar, 3, 9) * np.linspace(14, 43, calendar.slots) * random.uniform(0.85, 1.0, calendar.slots)
    return 9 + ovens + 5 * _between(calendar, 9, 17)


@story("senior-homes")
def _senior_homes(calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    awake = 24 * _between(calendar, 6, 10) + 34 * _between(calendar, 16, 21)
    return 52 + awake + 1.9 * cooling(calendar) + random.normal(0, 2.5, calendar.slots)


def _between(calendar: SlotCalendar, first: int, last: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    hours = calendar.minutes // 60
    return (hours >= first) & (hours < last)


def _weekday(calendar: SlotCalendar) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return calendar.weekdays < 5


def _months(calendar: SlotCalendar) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([day.month for day in calendar.period])[calendar.day_of]
