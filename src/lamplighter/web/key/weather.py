"""The weather in a load: how much of it heat and cold took, and the trend that is left when they are taken out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.weather import WeatherFit, daily_kwh, fit
from lamplighter.kernel.periods import Period
from lamplighter.usage.queries.weather import highest_temperatures, mean_temperatures
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Unavailable
from lamplighter.web.ui.wording import number, quantity

YEAR = 330
"""Days from which on it is said of a year."""
ROOF = (
    "What a roof made is in these readings, and the sun follows the seasons too: what heat and cold took can't be told"
    " apart from it."
)
NONE = "No station's temperatures are known for these days. An administrator takes them in with `lamplighter weather`."


def weather_shown(curve: LoadCurve) -> Mapping[str, Any]:
    """Month by month as it was and at average weather. Says so where the weather explains too little to tell."""
    if curve.sends:
        raise Unavailable(ROOF)
    period = curve.calendar.period
    degrees = mean_temperatures(period)
    if np.isnan(degrees).all():
        raise Unavailable(NONE)
    kwh = daily_kwh(curve)
    working = np.array([day.weekday() < 5 for day in period])
    found = fit(kwh, degrees, working)
    if found is None:
        raise Unavailable("Fewer than 200 days have both readings and temperatures: too few to tell the weather apart.")
    if not found.good:
        raise Unavailable(f"The weather explains {found.r2:.0%} of the days' differences here: too little to tell.")
    return {"chart": _chart(period, kwh, found)}


def said_of(day: date) -> str:
    """How hot a day was beside the days around it; "" where nobody knows."""
    around = Period(date.fromordinal(day.toordinal() - 3), date.fromordinal(day.toordinal() + 4))
    degrees = highest_temperatures(around)
    if np.isnan(degrees[3]):
        return ""
    others = degrees[np.arange(7) != 3]
    if np.isnan(others).all():
        return f" It was up to {degrees[3]:.0f} °F."
    return f" It was up to {degrees[3]:.0f} °F; {np.nanmean(others):.0f} °F on the days around."


def _chart(period: Period, kwh: Floats, found: WeatherFit) -> Bars:
    months = list(dict.fromkeys((day.year, day.month) for day in period))
    of = np.array([months.index((day.year, day.month)) for day in period])
    labels = [f"{date(year, month, 1):%b} ’{year % 100:02}" for year, month in months]
    series = [Series("As it was", _sums(kwh, of, len(months))),
              Series("At average weather", _sums(found.normal, of, len(months)), "tick")]  # fmt: skip
    share = found.weather_kwh / float(np.nansum(kwh))
    title = f"Heat and cold took {quantity(found.weather_kwh, 'kWh')}, {share:.1%} of the energy."
    return Bars("weather", title, _sentence(found), labels, series, "kWh", "Month")


def _sentence(found: WeatherFit) -> str:
    parts = []
    if found.cooling:
        parts.append(f"{number(found.cooling, 1)} kWh a day for each degree above {found.cools_above:.0f} °F")
    if found.heating:
        parts.append(f"{number(found.heating, 1)} kWh for each below {found.heats_below:.0f} °F")
    went = "rose" if found.trend > 0 else "fell"
    trend = "did not change" if abs(found.trend) < 0.02 else f"{went} by {abs(found.trend):.0%}"
    taken = f"It takes {' and '.join(parts)}. " if parts else ""
    explained = f"The fit explains {found.r2:.0%} of what differs between {found.days} days."
    span = "the year" if found.days >= YEAR else f"these {found.days} days"
    return f"{taken}Without the weather the use {trend} over {span}. {explained}"


def _sums(values: Floats, of: Any, count: int) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for month in range(count):
        mine = values[of == month]
        found.append(None if np.isnan(mine).all() else Decimal(float(np.nansum(mine))).quantize(Decimal(1)))
    return found
