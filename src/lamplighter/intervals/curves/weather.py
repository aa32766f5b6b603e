"""How much of a load is the weather: daily use fitted to degree-days, and the trend that is left without it.

Ordinary least squares on heating and cooling degree-days with the balance points that fit best, as ASHRAE Guideline 14
describes change-point models; with a poor fit nothing is said of weather. For advice: floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.curves.curve import Floats, LoadCurve

HEATING, COOLING = range(46, 63, 4), range(58, 75, 4)
"""Balance points that are tried, in degrees Fahrenheit."""

LEAST_R2, LEAST_DAYS = 0.3, 200


@dataclass(frozen=True, slots=True)
class WeatherFit:
    """kWh a day = `base` + `heating` x degrees below `heats_below` + `cooling` x degrees above `cools_above` + trend.

    `weather_kwh` is what heat and cold took over the days, `trend` the change of the rest from first day to last, as a
    part of it; `r2` how much of the days' differences the weather and the trend explain. `normal` (D) is each day's
    use at the average weather of its days; NaN where it is not known.
    """

    base: float
    heating: float
    cooling: float
    heats_below: float
    cools_above: float
    r2: float
    weather_kwh: float
    trend: float
    days: int
    normal: Floats

    @property
    def good(self) -> bool:
        return self.r2 >= LEAST_R2 and self.days >= LEAST_DAYS


def daily_kwh(curve: LoadCurve) -> Floats:
    """kWh taken on each whole day (D); NaN where a reading is missing."""
    kw = curve.kw() * curve.hours
    return np.add.reduceat(kw, curve.calendar.firsts[:-1])


def fit(kwh: Floats, degrees: Floats, working: Bool) -> WeatherFit | None:
    """Of daily use and mean temperatures (D, NaN where unknown); `working` days differ by a level of their own.

    None where fewer days are known than a fit can stand on.
    """
    known = ~np.isnan(kwh) & ~np.isnan(degrees)
    if known.sum() < LEAST_DAYS:
        return None
    day = np.arange(len(kwh)) / max(len(kwh) - 1, 1) - 0.5
    fixed = np.column_stack([np.ones_like(kwh), working.astype(np.float64), day])
    at, low, high = change_points(kwh, fixed, degrees, known=known)
    cold, hot = np.maximum(low - degrees, 0), np.maximum(degrees - high, 0)
    weather = at[3] * cold + at[4] * hot
    usual = float(np.nanmean(weather[known]))
    explained = at[0] + at[1] * working + at[2] * day + weather
    left = float(((kwh - explained)[known] ** 2).sum())
    level = float(np.mean((kwh - weather)[known]))
    total = float(((kwh[known] - kwh[known].mean()) ** 2).sum())
    return WeatherFit(
        float(at[0]), float(at[3]), float(at[4]), low, high, 1 - left / total if total else 0.0,
        float(weather[known].sum()), float(at[2]) / level if level else 0.0, int(known.sum()), kwh - weather + usual,
    )  # fmt: skip


def taken(found: WeatherFit, degrees: Floats) -> Floats:
    """What heat and cold took on days of these mean temperatures (D), in kWh; NaN where they are not known."""
    cold, hot = np.maximum(found.heats_below - degrees, 0), np.maximum(degrees - found.cools_above, 0)
    out: Floats = found.heating * cold + found.cooling * hot
    return out


def change_points(kwh: Floats, fixed: Floats, degrees: Floats, *, known: Bool) -> tuple[Floats, float, float]:
    """Coefficients of the `fixed` columns (D, F), then of heat and cold, with the balance points that fit best."""
    pairs = [(low, high) for low, high in product(HEATING, COOLING) if low <= high]
    solved = [(_solved(kwh, fixed, np.maximum(low - degrees, 0), np.maximum(degrees - high, 0), known=known), low, high)
              for low, high in pairs]  # fmt: skip
    (_, at), low, high = min(solved, key=lambda one: one[0][0])
    return at, float(low), float(high)


def _solved(kwh: Floats, fixed: Floats, cold: Floats, hot: Floats, *, known: Bool) -> tuple[float, Floats]:
    """What is left unexplained, and the coefficients; heat and cold never save energy here."""
    columns = np.column_stack([fixed, cold, hot])[known]
    found, *_ = np.linalg.lstsq(columns, kwh[known], rcond=None)
    for unused in (fixed.shape[1], fixed.shape[1] + 1):
        if found[unused] < 0:
            columns[:, unused] = 0
            found, *_ = np.linalg.lstsq(columns, kwh[known], rcond=None)
            found[unused] = 0
    return float(((kwh[known] - columns @ found) ** 2).sum()), np.asarray(found, dtype=np.float64)
