"""The highest hour of a month from the highest hours of past days, heat and cold: a linear fit and what chance adds.

kW of a day's highest hour = level + heating x degrees too cold + cooling x degrees too hot + a day off. A month's peak
is the highest of its days, so chance only adds to it: the days are drawn again and again with what past days differed
by, at the weather of each year that is known. What that leaves out (a fit on one year, days in a row that err alike)
shows in hindsight, and widens the ranges. Pure (docs/algorithms/forecast.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np

from lamplighter.ratestudies.forecasting import LEAST_TRIED, LEVEL, Floats, Hindsight, Range, TooShort

DRAWS = 400
SEED = 20
"""The same forecast comes to the same figures."""
LEAST_DAYS = 120
WATTS = 3
FELT = 1.0
"""Weather that varies by less than a degree tells nothing."""
WHOLE = 25
"""So many days of a month must be known for its highest hour to be its peak."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's degrees too cold and too hot, whether it is a day off, and the kW of its highest hour where known."""

    day: date
    heating: float
    cooling: float
    kw: float = 0.0

    @property
    def off(self) -> float:
        return float(self.day.weekday() >= 5)


@dataclass(frozen=True, slots=True)
class PeakFit:
    """`terms` of the fit with their `values`, the `most` of each that was ever felt, and by how many kW each day that
    it stands on differed."""

    terms: tuple[str, ...]
    values: Floats
    most: Floats
    differed: Floats


def fit_days(days: Sequence[Day]) -> PeakFit:
    """Raises TooShort."""
    if len(days) < LEAST_DAYS:
        raise TooShort(f"Only {len(days)} days are known by the hour; a peak stands on at least {LEAST_DAYS}.")
    varying = [name for name in ("heating", "cooling", "off") if np.ptp([getattr(one, name) for one in days]) >= FELT]
    terms = ("level", *varying)
    rows, peaks = _rows(days, terms), np.array([one.kw for one in days])
    values, *_ = np.linalg.lstsq(rows, peaks, rcond=None)
    differed = (peaks - rows @ values) * float(np.sqrt(len(days) / (len(days) - len(terms))))
    return PeakFit(terms, values, rows.max(axis=0), differed)


def peak_of(found: PeakFit, years: Sequence[Sequence[Day]], *, level: float = LEVEL) -> Range:
    """A month's highest hour in kW; `years` are its days at the weather of each year that is known. A day hotter or
    colder than any that was seen counts as the hottest or coldest: nothing tells how it goes on from there."""
    lot = np.random.default_rng(SEED)
    draws = -(-DRAWS // len(years))
    highest = []
    for days in years:
        usual = np.minimum(_rows(days, found.terms), found.most) @ found.values
        chance = lot.choice(found.differed, size=(draws, len(days)))
        highest.append((usual + chance).max(axis=1))
    sides = np.quantile(np.concatenate(highest), [0.5 - level / 2, 0.5, 0.5 + level / 2])
    low, middle, high = (round(max(float(one), 0.0), WATTS) for one in sides)
    return Range(low, middle, high)


def peaks_in_hindsight(days: Sequence[Day]) -> list[Hindsight]:
    """Each whole month after the first six, foretold from the days before it, at the weather that it had."""
    by_month: dict[date, list[Day]] = {}
    for one in sorted(days, key=lambda one: one.day):
        by_month.setdefault(one.day.replace(day=1), []).append(one)
    months, found = list(by_month), []
    for month in months[LEAST_TRIED:]:
        before, mine = [one for one in days if one.day < month], by_month[month]
        if len(mine) < WHOLE or len(before) < LEAST_DAYS:
            continue
        found.append(Hindsight(month, max(one.kw for one in mine), peak_of(fit_days(before), [mine])))
    return [one for one in found if one.actual > 0]


def widening(tried: Mapping[str, Sequence[Hindsight]], *, but: date | None = None, level: float = LEVEL) -> float:
    """By how much ranges must be wider to hold as often as they say: the empirical quantile of how far months strayed
    in hindsight, of all classes, at the rank (n + 1) x level of n, which is on the safe side where few were tried
    (split conformal). 1 where the ranges hold already, or too few were tried. The month `but` has no say in its own."""
    strayed = sorted(one.strayed for several in tried.values() for one in several if one.month != but)
    rank = ceil((len(strayed) + 1) * level)
    return max(1.0, strayed[rank - 1]) if rank <= len(strayed) else 1.0


def held_honestly(tried: Mapping[str, Sequence[Hindsight]]) -> dict[str, list[Hindsight]]:
    """Each month with its range as wide as the other months would have made it."""
    months = {one.month for several in tried.values() for one in several}
    by_month = {month: widening(tried, but=month) for month in months}
    return {
        name: [replace(one, foretold=one.foretold.wider(by_month[one.month])) for one in several]
        for name, several in tried.items()
    }


def _rows(days: Sequence[Day], terms: Sequence[str]) -> Floats:
    known = {"level": [1.0] * len(days)} | {
        name: [getattr(one, name) for one in days] for name in terms if name != "level"
    }
    rows: Floats = np.array([known[name] for name in terms], dtype=np.float64).T
    return rows
