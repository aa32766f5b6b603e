"""Sales of a class by month from its past months, heat and cold: a linear fit, its range, and its errors in hindsight.

kWh a customer-day = level + heating x degrees too cold + cooling x degrees too hot (+ trend a year, once two years are
known). The range is the prediction interval of ordinary least squares, so it widens where little is known. Pure
(docs/algorithms/forecast.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
LEVEL = 0.8
"""Eight of ten months are to lie in the range."""
LEAST, TREND_FROM = 9, 24
"""With fewer months nothing is said; with two years a trend can be told from the season."""
LEAST_TRIED = 6
"""So many months a fit in hindsight stands on at least."""
HEATS_BELOW, COOLS_ABOVE = 58.0, 70.0
FLAT = 0.05
"""Degree-days a day that vary less than this tell nothing: the class has no such season here."""


NARROWEST = 0.001
"""No side of a range is narrower than so much of its middle."""


class TooShort(Exception):
    """Too few months are known to say anything; the message says how many there are."""


@dataclass(frozen=True, slots=True)
class Month:
    """A class's month: customer-days that were billed and, by the mean of those days, degrees too cold and too hot."""

    month: date
    days: float
    heating: float
    cooling: float
    kwh: float = 0.0


@dataclass(frozen=True, slots=True)
class Range:
    """The middle, and between which two figures it lies eight times in ten."""

    low: float
    middle: float
    high: float

    def wider(self, by: float) -> Range:
        return Range(max(self.middle - (self.middle - self.low) * by, 0.0), self.middle,
                     self.middle + (self.high - self.middle) * by)  # fmt: skip

    def plus(self, known: float) -> Range:
        return Range(self.low + known, self.middle + known, self.high + known)


@dataclass(frozen=True, slots=True)
class Fit:
    """`terms` of the fit with their `values`; `spread` is (X'X)^-1, `sigma` what one customer-day of a month differs
    by, in kWh, and `dof` how many months that stands on beyond the terms."""

    terms: tuple[str, ...]
    values: Floats
    spread: Floats
    sigma: float
    dof: int
    first: date

    @property
    def trend(self) -> bool:
        return "trend" in self.terms

    def said(self) -> dict[str, float]:
        return {name: float(value) for name, value in zip(self.terms, self.values, strict=True)}


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A month as it would have been foretold from the months before it, at the weather that it had."""

    month: date
    actual: float
    foretold: Range

    @property
    def strayed(self) -> float:
        """How far it came from the middle, as a part of its own range on that side; 1 lies on the edge."""
        foretold, least = self.foretold, NARROWEST * self.foretold.middle
        side = foretold.high - foretold.middle if self.actual > foretold.middle else foretold.middle - foretold.low
        return abs(self.actual - foretold.middle) / max(side, least)

    @property
    def error(self) -> float:
        """A part of what was used."""
        return self.foretold.middle / self.actual - 1

    @property
    def held(self) -> bool:
        return self.foretold.low <= self.actual <= self.foretold.high


def fit(months: Sequence[Month], *, least: int = LEAST) -> Fit:
    """Raises TooShort."""
    known = [one for one in months if one.days > 0]
    if len(known) < least:
        raise TooShort(f"Only {len(known)} months are known; a forecast stands on at least {least}.")
    first = min(one.month for one in known)
    terms = _terms(known)
    rows = np.array([_row(one, terms, first) for one in known])
    used = np.array([one.kwh / one.days for one in known])
    values, *_ = np.linalg.lstsq(rows, used, rcond=None)
    dof = len(known) - len(terms)
    left = used - rows @ values
    sigma = float(np.sqrt((left**2).sum() / dof))
    return Fit(terms, values, np.linalg.pinv(rows.T @ rows), sigma, dof, first)


def foretell(found: Fit, months: Sequence[Month], *, level: float = LEVEL) -> Range:
    """kWh of these months together: errors of the fit go along with each other, those of the months do not."""
    days = np.array([one.days for one in months])
    whole = days @ np.array([_row(one, found.terms, found.first) for one in months])
    middle = float(whole @ found.values)
    variance = found.sigma**2 * (float(whole @ found.spread @ whole) + float((days**2).sum()))
    reach = _t_quantile(0.5 + level / 2, found.dof) * variance**0.5
    return Range(middle - reach, middle, middle + reach)


@cache
def _t_quantile(share: float, dof: int) -> float:
    """Of Student's distribution. Imported here: it takes long to load, and few processes foretell."""
    from scipy.special import stdtrit

    return float(stdtrit(dof, share))


def together(ranges: Sequence[Range]) -> Range:
    """Of several classes, whose errors are taken to be independent of each other."""
    middle = sum(one.middle for one in ranges)
    below = sum((one.middle - one.low) ** 2 for one in ranges) ** 0.5
    above = sum((one.high - one.middle) ** 2 for one in ranges) ** 0.5
    return Range(middle - below, middle, middle + above)


def in_hindsight(months: Sequence[Month]) -> list[Hindsight]:
    """Each month after the first six, foretold from those before it (rolling origin, one month ahead)."""
    known = sorted((one for one in months if one.days > 0), key=lambda one: one.month)
    found = []
    for at in range(LEAST_TRIED, len(known)):
        try:
            before = fit(known[:at], least=LEAST_TRIED)
        except TooShort:
            continue
        found.append(Hindsight(known[at].month, known[at].kwh, foretell(before, [known[at]])))
    return [one for one in found if one.actual > 0]


def mape(tried: Sequence[Hindsight]) -> float | None:
    """Mean absolute error as a part of what was used; None where nothing was tried."""
    return sum(abs(one.error) for one in tried) / len(tried) if tried else None


def _terms(known: Sequence[Month]) -> tuple[str, ...]:
    """The level; what varies; and a trend once two years are known."""
    varying = [name for name in ("heating", "cooling") if np.ptp([getattr(one, name) for one in known]) > FLAT]
    return ("level", *varying, *(["trend"] if len(known) >= TREND_FROM else []))


def _row(one: Month, terms: tuple[str, ...], first: date) -> list[float]:
    years = (one.month.year - first.year) + (one.month.month - first.month) / 12
    values = {"level": 1.0, "heating": one.heating, "cooling": one.cooling, "trend": years}
    return [values[name] for name in terms]
