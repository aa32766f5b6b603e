"""Where a load stands: sunshine and temperatures of its site, and the carbon of each hour's power, as dated data.

A surroundings file is TOML (docs/algorithms/what-if.md): a `[site]`, and one `[[carbon]]` for each day from which other
factors hold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.slots import SlotCalendar

MONTHS, HOURS = 12, 24
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
    kg_per_mwh: tuple[tuple[float, ...], ...]
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
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise CannotAdvise("surroundings.syntax", f"The surroundings are not TOML: {fault}.") from fault
    carbon = [_carbon(one) for one in said.get("carbon", ())]
    if not carbon:
        raise CannotAdvise("surroundings.carbon", "The surroundings have no [[carbon]] factors.", field="carbon")
    return Surroundings(_site(_table(said, "site")), tuple(sorted(carbon, key=lambda one: one.since)))


def _site(said: Mapping[str, Any]) -> Site:
    return Site(
        name=str(_told(said, "name", "site")),
        latitude=_number(said, "latitude", -66, 66),
        longitude=_number(said, "longitude", -180, 180),
        altitude=_number(said, "altitude", -500, 9000),
        wind=_number(said, "wind", 0, 30),
        tilt=_number(said, "tilt", 0, 90),
        azimuth=_number(said, "azimuth", 0, 360),
        sun=_months(said, "sun", 0, 15),
        mean_f=_months(said, "mean_f", -60, 130),
        swing_f=_months(said, "swing_f", 0, 60),
        source=str(_told(said, "source", "site")),
    )


def _carbon(said: Mapping[str, Any]) -> Carbon:
    since, given = _told(said, "since", "carbon"), _told(said, "kg_per_mwh", "carbon")
    if not isinstance(since, date):
        raise CannotAdvise("surroundings.day", "carbon.since is a day, such as 2024-01-01.", field="since")
    if isinstance(given, int | float):
        table: Sequence[Sequence[float]] = [[given] * HOURS] * MONTHS
    else:
        table = given
    if len(table) != MONTHS or any(len(row) != HOURS for row in table):
        message = "carbon.kg_per_mwh is one number, or twelve rows (months) of twenty-four (hours)."
        raise CannotAdvise("surroundings.carbon", message, field="kg_per_mwh")
    rows = tuple(tuple(_within("kg_per_mwh", value, 0, 3000) for value in row) for row in table)
    return Carbon(since, rows, str(_told(said, "source", "carbon")))


def _table(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    if not isinstance(found, Mapping):
        raise CannotAdvise("surroundings.missing", f"The surroundings have no [{name}].", field=name)
    return found


def _told(said: Mapping[str, Any], name: str, of: str) -> Any:
    if name not in said:
        raise CannotAdvise("surroundings.missing", f"{of}.{name} is missing.", field=name)
    return said[name]


def _number(said: Mapping[str, Any], name: str, least: float, most: float) -> float:
    return _within(name, _told(said, name, "site"), least, most)


def _months(said: Mapping[str, Any], name: str, least: float, most: float) -> tuple[float, ...]:
    given = _told(said, name, "site")
    if not isinstance(given, list) or len(given) != MONTHS:
        raise CannotAdvise("surroundings.months", f"site.{name} has twelve numbers, one a month.", field=name)
    return tuple(_within(name, value, least, most) for value in given)


def _within(name: str, value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise CannotAdvise("surroundings.bounds", f"{name} is from {least:g} to {most:g}, not {value}.", field=name)
    return float(value)
