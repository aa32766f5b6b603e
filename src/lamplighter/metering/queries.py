"""Which meter stood where, when; which channel counts what; with which multiplier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, Multiplier


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel that counted at a service point during `span`."""

    point: int
    channel: Channel
    badge: str
    span: Span


def standings(points: Collection[int], *, span: Span) -> list[Standing]:
    """Channels of the meters that stood at these points during a span, each cut to it; two queries."""
    rows = (
        Installation.objects.filter(point__in=points, span__overlap=span)
        .select_related("meter")
        .prefetch_related("meter__channels")
        .order_by("point", "span")
    )
    return [
        Standing(row.point_id, channel, row.meter.badge, _cut(row.span, span))
        for row in rows
        for channel in sorted(row.meter.channels.all(), key=lambda c: c.pk)
    ]


def multipliers(channels: Collection[int], *, period: Period) -> dict[int, list[tuple[Period, Decimal]]]:
    """The factors of each channel in a period, in order of date; one query."""
    found: dict[int, list[tuple[Period, Decimal]]] = {channel: [] for channel in channels}
    for row in Multiplier.objects.filter(channel__in=channels, period__overlap=period).order_by("period"):
        part = row.period & period
        assert part is not None
        found[row.channel_id].append((part, row.factor))
    return found


def installations_of(channel: Channel, *, period: Period) -> list[Installation]:
    """Where the meter of a channel stood on some service days."""
    zone = ZoneInfo(settings.UTILITY_ZONE)
    return list(Installation.objects.filter(meter=channel.meter_id, span__overlap=span_of(period, zone)))


def _cut(span: Span, to: Span) -> Span:
    start = max(span.start, to.start)
    ends: list[datetime] = [end for end in (span.end, to.end) if end is not None]
    return Span(start, min(ends) if ends else None)
