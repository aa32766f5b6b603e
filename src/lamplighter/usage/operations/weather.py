"""Take in what a weather station measured, day by day; told again, the newer figures count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from lamplighter.formats.dayweather import WeatherIn
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import DayWeather

COLDEST, HOTTEST = Decimal(-80), Decimal(140)


class CannotRecordWeather(Exception):
    """Figures that no station measures; the message names the day."""


@in_transaction
def record_day_weather(*, station: str, days: Sequence[WeatherIn], by: Actor, at: datetime) -> int:
    """Keep the days of a station, all or none; how many there were. Raises CannotRecordWeather."""
    for one in days:
        if not COLDEST <= one.low <= one.mean <= one.high <= HOTTEST:
            raise CannotRecordWeather(f"{one.day}: {one.low}, {one.mean}, {one.high} °F is not low, mean and high.")
    DayWeather.objects.bulk_create(
        [
            DayWeather(
                station=station, day=one.day, low=one.low, mean=one.mean, high=one.high, recorded_at=at, recorded_by=by
            )
            for one in days
        ],
        update_conflicts=True, unique_fields=["station", "day"],
        update_fields=["low", "mean", "high", "recorded_at", "recorded_by"],
    )  # fmt: skip
    if days:
        first, last = min(one.day for one in days), max(one.day for one in days)
        record("usage.weather.recorded", subject=f"station:{station}", by=by, at=at, days=len(days),
               first=first.isoformat(), last=last.isoformat())  # fmt: skip
    return len(days)
