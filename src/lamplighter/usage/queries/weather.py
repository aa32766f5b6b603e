"""Temperatures of days, from the station that knows most of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
from django.db.models import Count

from lamplighter.kernel.periods import Period
from lamplighter.usage.models import DayWeather

Floats = npt.NDArray[np.float64]


def mean_temperatures(period: Period) -> Floats:
    """Degrees Fahrenheit of each day of a period; NaN where no station told one."""
    return _column(period, "mean")


def known_temperatures(period: Period) -> dict[date, float]:
    """Degrees Fahrenheit of the days of a period that a station told."""
    degrees = mean_temperatures(period)
    return {day: float(mean) for day, mean in zip(period, degrees, strict=True) if not np.isnan(mean)}


def highest_temperatures(period: Period) -> Floats:
    return _column(period, "high")


def _column(period: Period, name: str) -> Floats:
    found: Floats = np.full(period.days, np.nan)
    inside = DayWeather.objects.filter(day__gte=period.start, day__lt=period.closed_end)
    most = inside.values("station").annotate(days=Count("pk")).order_by("-days", "station").first()
    if most is not None:
        for day, degrees in inside.filter(station=most["station"]).values_list("day", name):
            found[(day - period.start).days] = float(degrees)
    return found
