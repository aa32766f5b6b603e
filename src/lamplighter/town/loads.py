"""How much power each kind of customer draws, by the slots of a calendar: pure, seeded, in kilowatts.

The same load can be asked for in quarter hours, hours or days. What is sent back is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lamplighter.intervals.slots import DAY, SlotCalendar, slot_calendar
from lamplighter.town.keyloads import KeyLoad, drawn
from lamplighter.town.weather import SEED, Floats, cooling, heating, on_slots, sunshine

Counts = NDArray[np.int64]
CHARGER_KW = 7.2

# Activity by hour of the day in tenths: working days, then weekends.
HOURS = {
    "evening": ("211112455433333445789864", "211111234566665556789864"),
    "daytime": ("211112345667766667788754", "211111234566665567788754"),
    "night": ("754321112233334445678998", "875421112344444445678999"),
    "office": ("111112469999989997532111", "111111122222222222111111"),
    "shop": ("111111234688899999975211", "111111224788899999863111"),
    "restaurant": ("211112345667876668999763", "211111235677876678999875"),
    "grocery": ("666667889999999999998877", "666667889999999999998877"),
    "workshop": ("111112599998999994211111", "111111233322211111111111"),
    "gym": ("222238987655555679998742", "222223578887665555543222"),
    "clinic": ("333334579999999998644333", "333333344444444443333333"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that runs by mistake from a day on: `kw` between two hours of the night."""

    kw: float
    since: date
    hours: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Home:
    """`base` kW always, up to `active` kW more by the habits of `life`; `heat` and `cool` kW for each degree;
    an electric car takes `car` kWh in a night; a solar roof gives `solar` kW at its peak."""

    seed: int
    base: float
    active: float
    life: str = "evening"
    heat: float = 0.0
    cool: float = 0.0
    car: float = 0.0
    solar: float = 0.0
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A business: `base` kW always, up to `active` kW more in the hours of its `kind`, `cool` kW for each degree."""

    seed: int
    kind: str
    base: float
    active: float
    cool: float = 0.0


Load = Home | Site | KeyLoad


def kilowatts(load: Load, calendar: SlotCalendar) -> Floats:
    """The mean power in each slot."""
    match load:
        case Home():
            return _home(load, calendar)
        case Site():
            return _site(load, calendar)
        case KeyLoad():
            return drawn(load, calendar)


def counts(load: Load, calendar: SlotCalendar, *, multiplier: int = 1) -> tuple[Counts, Counts]:
    """What a meter counts in each slot, in Wh by the multiplier: delivered, and received."""
    seconds = np.diff(calendar.edges)
    wh = np.rint(kilowatts(load, calendar) * 1000 * seconds / 3600 / multiplier).astype(np.int64)
    return np.maximum(wh, 0), np.maximum(-wh, 0)


def dials(load: Load, calendar: SlotCalendar, *, start: int, digits: int = 5) -> Counts:
    """What a register shows at the beginning of each day of a calendar of days, and at its end: whole kWh."""
    delivered, _ = counts(load, calendar)
    wh = np.concatenate(([0], np.cumsum(delivered)))
    shown: Counts = (start + wh // 1000) % 10**digits
    return shown


def _home(load: Home, calendar: SlotCalendar) -> Floats:
    random = np.random.default_rng([SEED, load.seed])
    daily = np.exp(random.normal(0, 0.13, calendar.days))[calendar.day_of]
    kw = load.base + load.active * _activity(calendar, load.life) * daily
    if load.heat:
        kw = kw + load.heat * heating(calendar)
    if load.cool:
        kw = kw + load.cool * cooling(calendar)
    if calendar.seconds < DAY:
        kw = kw * np.exp(random.normal(0, 0.22, calendar.slots))
    if load.car:
        kw = kw + _charging(load.car, calendar, random)
    if load.step:
        kw = kw + _stepped(load.step, calendar)
    if load.solar:
        kw = kw - load.solar * sunshine(calendar)
    return kw


def _site(load: Site, calendar: SlotCalendar) -> Floats:
    random = np.random.default_rng([SEED, load.seed])
    daily = np.exp(random.normal(0, 0.05, calendar.days))[calendar.day_of]
    kw = load.base + load.active * _activity(calendar, load.kind) * daily + load.cool * cooling(calendar)
    return kw if calendar.seconds == DAY else kw * np.exp(random.normal(0, 0.04, calendar.slots))


def _charging(kwh: float, calendar: SlotCalendar, random: np.random.Generator) -> Floats:
    """A car is charged every other night or so, from midnight on until it is full."""
    nightly = np.where(random.random(calendar.days) < 0.55, random.uniform(0.5, 2.2, calendar.days) * kwh, 0.0)
    if calendar.seconds == DAY:
        return nightly / 24
    hours = nightly[calendar.day_of] / CHARGER_KW
    length = calendar.seconds / 3600
    return CHARGER_KW * np.clip((hours - calendar.minutes / 60) / length, 0, 1)


def _stepped(step: Step, calendar: SlotCalendar) -> Floats:
    since = np.array([day >= step.since for day in calendar.period])[calendar.day_of]
    begins, ends = step.hours
    if calendar.seconds == DAY:
        return since * step.kw * ((ends - begins) % 24) / 24
    hours = calendar.minutes // 60
    inside = (hours >= begins) | (hours < ends) if begins > ends else (hours >= begins) & (hours < ends)
    return since * inside * step.kw


@lru_cache(maxsize=64)
def _activity(calendar: SlotCalendar, kind: str) -> Floats:
    hours = slot_calendar(calendar.period, seconds=3600, zone=calendar.zone)
    table = np.array([[int(digit) for digit in digits] for digits in HOURS[kind]]) / 10
    found = on_slots(table[(hours.weekdays >= 5).astype(int), hours.minutes // 60], calendar)
    found.setflags(write=False)
    return found
