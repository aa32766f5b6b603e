"""The highest hour of a month from the highest hours of past days, heat and cold: a linear fit and what chance adds.

kW of a day's highest hour = level + heating x degrees too cold + cooling x degrees too hot + a day off. A month's peak
is the highest of its days, so chance only adds to it: the days are drawn again and again with what past days differed
by, at the weather of each year that is known. Pure (docs/algorithms/forecast.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lamplighter.ratestudies.forecasting import FLAT, LEAST_TRIED, LEVEL, Floats, Hindsight, Range, TooShort

DRAWS = 400
SEED = 20
"""The same forecast comes to the same figures."""
LEAST_DAYS = 120
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
    """`terms` of the fit with their `values`, and by how many kW each day that it stands on differed."""

    terms: tuple[str, ...]
    values: Floats
    differed: Floats


def fit_days(days: Sequence[Day]) -> PeakFit:
    """Raises TooShort."""
    if len(days) < LEAST_DAYS:
        raise TooShort(f"Only {len(days)} days are known by the hour; a peak stands on at least {LEAST_DAYS}.")
    varying = [name for name in ("heating", "cooling", "off") if np.ptp([getattr(one, name) for one in days]) > FLAT]
    terms = ("level", *varying)
    rows, peaks = _rows(days, terms), np.array([one.kw for one in days])
    values, *_ = np.linalg.lstsq(rows, peaks, rcond=None)
    differed = (peaks - rows @ values) * float(np.sqrt(len(days) / (len(days) - len(terms))))
    return PeakFit(terms, values, differed)


def peak_of(found: PeakFit, years: Sequence[Sequence[Day]], *, level: float = LEVEL) -> Range:
    """A month's highest hour in kW; `years` are its days at the weather of each year that is known."""
    lot = np.random.default_rng(SEED)
    draws = -(-DRAWS // len(years))
    highest = []
    for days in years:
        usual = _rows(days, found.terms) @ found.values
        chance = lot.choice(found.differed, size=(draws, len(days)))
        highest.append((usual + chance).max(axis=1))
    low, middle, high = np.quantile(np.concatenate(highest), [0.5 - level / 2, 0.5, 0.5 + level / 2])
    return Range(max(float(low), 0.0), max(float(middle), 0.0), max(float(high), 0.0))


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


def _rows(days: Sequence[Day], terms: Sequence[str]) -> Floats:
    known = {"level": [1.0] * len(days)} | {
        name: [getattr(one, name) for one in days] for name in terms if name != "level"
    }
    rows: Floats = np.array([known[name] for name in terms], dtype=np.float64).T
    return rows
