"""Where a load stands: sunshine and temperatures of its site, and the carbon of each hour's power, as dated data.

A surroundings file is TOML (docs/algorithms/what-if.md): a `[site]`, and one `[[carbon]]` for each day from which other
factors hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np

from lamplighter.advice.given import HOURS, Given, Hourly, read, table, tables
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.slots import SlotCalendar

FILE = "surroundings"
WARMEST = 15
"""The hour at which a day is warmest; twelve hours away it is coldest."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place. `sun` is kWh/m² of a day by month on a plane of `tilt` degrees that faces `azimuth` (south is 180).

    `wind` is its yearly mean in m/s. `mean_f` and `swing_f` are a day's mean temperature in °F and the span from its
    lowest to its highest, by month.
    """

    name: str
    latitude: float
    longitude: float
    altitude: float
    wind: float
    tilt: float
    azimuth: float
    sun: tuple[float, ...]
    mean_f: tuple[float, ...]
    swing_f: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Carbon:
    """kg of CO2 for each MWh from a day on: by month and hour of the local clock (12 x 24)."""

    since: date
    kg_per_mwh: Hourly
    source: str

    @property
    def hourly(self) -> bool:
        return len({value for row in self.kg_per_mwh for value in row}) > 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`carbon` oldest first. `days_f` are the mean temperatures that were measured, by day; others are the site's."""

    site: Site
    carbon: tuple[Carbon, ...]
    days_f: Mapping[date, float] = field(default_factory=dict, hash=False, compare=False)

    def measured(self, days_f: Mapping[date, float]) -> Surroundings:
        return replace(self, days_f=days_f)

    def temperatures(self, calendar: SlotCalendar) -> Floats:
        """°F in each slot (S): each day's mean, measured or of its month, with the swing of its month over the day."""
        days = list(calendar.period)
        month = np.array([day.month for day in days]) - 1
        usual = np.asarray(self.site.mean_f)[month]
        mean = np.array([self.days_f.get(day, float(usual[i])) for i, day in enumerate(days)])
        swing = np.asarray(self.site.swing_f)[month]
        hour = calendar.minutes / 60 + calendar.seconds / 7200
        shape = np.cos(2 * np.pi * (hour - WARMEST) / HOURS)
        found: Floats = mean[calendar.day_of] + swing[calendar.day_of] / 2 * shape
        return found

    def kg_per_kwh(self, calendar: SlotCalendar) -> Floats:
        """In each slot (S), by the factors of its day; before the first of them, by the first."""
        days = list(calendar.period)
        tables = np.array([one.kg_per_mwh for one in self.carbon]) / 1000
        since = [one.since for one in self.carbon]
        version = np.array([max(sum(start <= day for start in since) - 1, 0) for day in days])
        month = np.array([day.month for day in days]) - 1
        found: Floats = tables[version[calendar.day_of], month[calendar.day_of], calendar.minutes // 60]
        return found


@cache
def builtin() -> Surroundings:
    """The surroundings that the program comes with, for who gives none."""
    return surroundings_of((files("lamplighter.advice") / "data" / "surroundings.toml").read_text("utf-8"))


def surroundings_of(text: str) -> Surroundings:
    """Read a surroundings file. Raises CannotAdvise, naming the field, for what is missing or no such number."""
    said = read(text, FILE)
    carbon = [
        Carbon(one.day("since"), one.by_hour("kg_per_mwh", 0, 3000), one.words("source"))
        for one in tables(said, "carbon", FILE)
    ]
    return Surroundings(_site(table(said, "site", FILE)), tuple(sorted(carbon, key=lambda one: one.since)))


def _site(said: Given) -> Site:
    return Site(
        name=said.words("name"),
        latitude=said.number("latitude", -66, 66),
        longitude=said.number("longitude", -180, 180),
        altitude=said.number("altitude", -500, 9000),
        wind=said.number("wind", 0, 30),
        tilt=said.number("tilt", 0, 90),
        azimuth=said.number("azimuth", 0, 360),
        sun=said.months("sun", 0, 15),
        mean_f=said.months("mean_f", -60, 130),
        swing_f=said.months("swing_f", 0, 60),
        source=said.words("source"),
    )
