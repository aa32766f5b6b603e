"""What a measure saved by the meter: the use that the weather would have asked for, less what was used.

The year before is fitted to heating and cooling degree-days (change points as in ASHRAE Guideline 14); its model tells
what the days after would have taken, and the difference is the avoided energy use (IPMVP option C). With a poor fit, or
too few days, nothing is said. For advice and rebates: floats. docs/algorithms/rebates.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.weather import change_points, daily_kwh
from lamplighter.kernel.periods import Period

LEAST_BEFORE, LEAST_AFTER = 300, 60
MOST_CV = 0.25
"""CV(RMSE) of daily use above which the year before tells too little of a day."""
NINETY = 1.645
MOST_OFF = 0.5
"""Of a saving: how far off it may be, two times in three (68 %), to be claimed: ASHRAE Guideline 14."""


class CannotVerify(Exception):
    """Why nothing can be said of the saving; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """kWh and mean degrees Fahrenheit by day (D, NaN where unknown), and which days are worked (D)."""

    kwh: Floats
    degrees: Floats
    working: Bool

    @property
    def known(self) -> Bool:
        found: Bool = ~np.isnan(self.kwh) & ~np.isnan(self.degrees)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The days before the work, at most a year, and those since, each with its period."""

    before: Days
    after: Days
    periods: tuple[Period, Period]


def days_of(curve: LoadCurve, degrees: Floats) -> Days:
    """The days of a curve with the mean temperature of each (D, NaN where unknown)."""
    return Days(daily_kwh(curve), degrees, np.array([day.weekday() < 5 for day in curve.calendar.period]))


@dataclass(frozen=True, slots=True, eq=False)
class Verified:
    """Of a year: kWh saved, and how far off they may be nine times in ten. `share` of the use that would have been,
    which is `would` on each day since (D, NaN where the weather is not known). Of the year before: `cv` is CV(RMSE),
    `pn` the same error over the range of the middle half of the days (PNRMSE), `r2` what is explained."""

    kwh: float
    off_kwh: float
    share: float
    cv: float
    r2: float
    before: int
    after: int
    would: Floats
    pn: float

    @property
    def sure(self) -> bool:
        """Whether it may be claimed: the interval of 68 % is within half of what is saved."""
        return self.off_kwh / NINETY <= MOST_OFF * abs(self.kwh)


def verify(before: Days, after: Days) -> Verified:
    """The share that the days after saved, of the use of the year before. Raises CannotVerify."""
    known, later = before.known, after.known
    if known.sum() < LEAST_BEFORE:
        raise CannotVerify(f"{known.sum()} days of the year before have readings and temperatures; {LEAST_BEFORE} are"
                           " needed.")  # fmt: skip
    if later.sum() < LEAST_AFTER:
        raise CannotVerify(f"{later.sum()} days since have readings and temperatures; {LEAST_AFTER} are needed.")
    at, low, high = change_points(before.kwh, _fixed(before), before.degrees, known=known)
    left = (before.kwh - _model(before, at, low, high))[known]
    mean, free = float(before.kwh[known].mean()), int(known.sum()) - len(at)
    error = sqrt(float((left**2).sum()) / free)
    if mean <= 0 or error / mean > MOST_CV:
        raise CannotVerify(f"The weather and the days of the week miss a day's use by {error / max(mean, 1e-9):.0%} of"
                           f" it; more than {MOST_CV:.0%} is too much to tell a saving.")  # fmt: skip
    expected = _model(after, at, low, high)
    would = float(expected[later].sum())
    share = 1 - float(after.kwh[later].sum()) / would
    differ = float(((before.kwh[known] - mean) ** 2).sum())
    r2 = 1 - float((left**2).sum()) / differ if differ else 0.0
    year = mean * 365
    off = NINETY * error * _apart(left, int(known.sum())) / sqrt(float(later.sum())) / (would / float(later.sum()))
    return Verified(
        share * year, off * year, share, error / mean, r2, int(known.sum()), int(later.sum()), expected,
        error / max(float(np.subtract(*np.quantile(before.kwh[known], (0.75, 0.25)))), 1e-9),
    )  # fmt: skip


def _apart(left: Floats, days: int) -> float:
    """Neighbouring days err alike: fewer of them are independent (ASHRAE Guideline 14, annex B), so the error grows."""
    if len(left) < 2 or not left.any():
        return 1.0
    alike = max(float(np.corrcoef(left[:-1], left[1:])[0, 1]), 0.0)
    free = days * (1 - alike) / (1 + alike)
    return 1.26 * sqrt(days / free * (1 + 2 / free))


def _fixed(days: Days) -> Floats:
    return np.column_stack([np.ones_like(days.kwh), days.working.astype(np.float64)])


def _model(days: Days, at: Floats, low: float, high: float) -> Floats:
    cold, hot = np.maximum(low - days.degrees, 0), np.maximum(days.degrees - high, 0)
    found: Floats = np.column_stack([_fixed(days), cold, hot]) @ at
    return found
