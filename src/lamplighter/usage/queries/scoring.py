"""What back-tests found for channels: the best way to fill their gaps, and how far estimates may be off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block
from lamplighter.intervals.estimation.gaps import Choice, Chosen, choice_named
from lamplighter.intervals.estimation.scoring import Score, scores
from lamplighter.intervals.slots import DAY, slot_calendar
from lamplighter.intervals.spans import touched
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation
from lamplighter.rating.determinants import What
from lamplighter.usage.intake.surroundings import spans_of
from lamplighter.usage.measuring import Measured
from lamplighter.usage.models import EstimationScore, Outage
from lamplighter.usage.queries.channels import Stretch
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.weather import known_temperatures
from lamplighter.usage.store import interval_store, utility_zone

DAYS = 63
"""Nine weeks of readings are hidden from and referred to."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A method's score in plain words, for the page of a finding."""

    hours: int
    method: str
    error: Decimal
    band: Decimal
    trials: int
    best: bool


def due_for_scoring(*, on: datetime, most: int) -> list[Channel]:
    """Interval channels that were never scored, then those scored longest ago, a month at least; `most` of them."""
    stale = EstimationScore.objects.filter(scored_at__gt=on - timedelta(days=28)).values("channel")
    rows = Channel.objects.filter(interval__isnull=False, interval__lt=DAY, meter__installations__span__contains=on)
    return list(rows.exclude(pk__in=stale).select_related("meter").distinct().order_by("pk")[:most])


def scored(channels: Sequence[Channel], *, until: date) -> list[Score]:
    """Back-tests over the nine weeks before `until`, channels of one interval length together."""
    found: list[Score] = []
    period, now = Period(until - timedelta(days=DAYS), until), published()
    degrees = known_temperatures(period)
    for seconds in sorted({channel.interval or 0 for channel in channels}):
        some = [channel for channel in channels if channel.interval == seconds]
        calendar = slot_calendar(period, seconds=seconds, zone=utility_zone())
        ids = np.array(sorted(channel.pk for channel in some), dtype=np.int64)
        block = interval_store().read(ids, calendar, published=now)
        found += scores(block, holding=_out(some, block, period), degrees=degrees)
    return found


def chosen_for(channels: Collection[int]) -> Chosen:
    """The best way of each channel by length of gap; one query."""
    found: dict[int, list[tuple[int, Choice]]] = {}
    rows = EstimationScore.objects.filter(channel__in=channels, best=True).order_by("channel", "hours")
    for channel, hours, method in rows.values_list("channel", "hours", "method"):
        found.setdefault(channel, []).append((hours * 3600, choice_named(method)))
    return {channel: tuple(several) for channel, several in found.items()}


def banded(answers: Sequence[Measured], stretches: Sequence[Sequence[Stretch]]) -> list[Measured]:
    """The answers that rest on estimates with their band: the widest of the best methods of their channels. One query,
    or none where nothing is estimated."""
    channels = {
        part.channel.pk for one, parts in zip(answers, stretches, strict=True) if one.estimated for part in parts
    }
    if not channels:
        return list(answers)
    bands: dict[int, Decimal] = {}
    for channel, band in EstimationScore.objects.filter(channel__in=channels, best=True).values_list("channel", "band"):
        bands[channel] = max(bands.get(channel, Decimal(0)), band)
    return [
        one._replace(band_kwh=_band(one, parts, bands)) if one.estimated else one
        for one, parts in zip(answers, stretches, strict=True)
    ]


def scores_of(channel: int) -> list[Scored]:
    rows = EstimationScore.objects.filter(channel=channel).order_by("hours", "error", "method")
    return [Scored(row.hours, row.method, row.error, row.band, row.trials, row.best) for row in rows]


def _band(one: Measured, parts: Sequence[Stretch], bands: dict[int, Decimal]) -> Decimal:
    mine = [bands[part.channel.pk] for part in parts if part.channel.pk in bands and _delivered(part)]
    return (one.estimated_kwh * max(mine) / 100).quantize(Decimal("0.1")) if mine else Decimal(0)


def _delivered(part: Stretch) -> bool:
    return part.what is What.KWH and part.flow is Flow.DELIVERED


def _out(channels: Sequence[Channel], block: Block, period: Period) -> Bool:
    """Slots (C, S) touched by a known outage of the meter's point."""
    span = span_of(period, utility_zone())
    assert span.end is not None
    meters = {channel.meter_id: [c.pk for c in channels if c.meter_id == channel.meter_id] for channel in channels}
    places = Installation.objects.filter(meter__in=meters, span__overlap=span).values_list("point", "meter")
    at: dict[int, list[int]] = {}
    for point, meter in places:
        at.setdefault(point, []).extend(meters[meter])
    rows = [
        (channel, outage.span)
        for outage in Outage.objects.filter(point__in=at, span__overlap=span)
        for channel in at[outage.point_id]
    ]
    return touched(block, spans_of(rows, until=int(span.end.timestamp())))
