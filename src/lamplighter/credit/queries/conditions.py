"""What is known of the weather and of crews, place by place: what every certificate of a day reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lamplighter.credit.models import Cover, WeatherReport


def newest_weather(*, at: datetime) -> dict[str, WeatherReport]:
    """The newest answer for each area; one query."""
    rows = WeatherReport.objects.filter(asked_at__lte=at).order_by("area", "-asked_at", "-id").distinct("area")
    return {row.area: row for row in rows}


def covers_from(at: datetime) -> Sequence[Cover]:
    """Runs of time with somebody to reconnect that are not over, the next first; one query."""
    return list(Cover.objects.filter(span__endswith__gt=at).order_by("span"))
