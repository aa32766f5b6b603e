"""The city's weather station tells its days, as a file of daily summaries would."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import numpy as np

from lamplighter.formats.dayweather import WeatherIn
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.plan import Plan
from lamplighter.town.staff import READS
from lamplighter.town.weather import temperatures
from lamplighter.usage.operations.weather import record_day_weather


def tell_the_weather(plan: Plan, *, now: datetime) -> None:
    """Every day of the books up to yesterday."""
    hours = slot_calendar(Period(plan.begins, plan.as_of), seconds=3600, zone=ZONE)
    degrees = temperatures(hours)
    days = []
    for index, day in enumerate(hours.period):
        part = degrees[hours.firsts[index] : hours.firsts[index + 1]]
        low, mean, high = (
            Decimal(float(value)).quantize(Decimal("0.1")) for value in (part.min(), np.mean(part), part.max())
        )
        days.append(WeatherIn(day, low, mean, high))
    with unit_of_work(READS):
        record_day_weather(station="Marisol Bay", days=days, by=READS, at=min(now, at(plan.as_of, 3)))
