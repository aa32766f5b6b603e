"""Channels and files for the tests of meter data, built by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.formats.espi.writer import Feed
from lamplighter.formats.meterdata import Channel, Identity, ReadKind
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit

MADE_AT = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
FEED = Feed(UUID(int=7), "https://power.example/espi/1_1/resource/Subscription/1", MADE_AT, PACIFIC)


def epoch(text: str) -> int:
    """`"2025-03-09T10:00Z"` in seconds."""
    return int(datetime.fromisoformat(text).timestamp())


def channel(
    counts=(1, 2, 3),
    *,
    start="2025-01-01T00:00Z",
    starts=None,
    interval=3600,
    seconds=None,
    quality=None,
    measure=None,
    kind=ReadKind.INTERVAL,
    flow=Flow.DELIVERED,
    commodity=Commodity.ELECTRICITY,
    identity=None,
    cost=None,
    currency="",
):
    counts = np.array(counts, np.int64)
    size = len(counts)
    register = kind is ReadKind.REGISTER
    if starts is None:
        starts = epoch(start) + np.arange(size) * interval
    durations = np.full(size, 0 if register else interval) if seconds is None else np.array(seconds)
    return Channel(
        identity or Identity("M1/KWH", "M1", "P1", "KWH"),
        commodity,
        flow,
        measure or Measure(Unit.WH),
        kind,
        0 if register else interval,
        np.array(starts, np.int64),
        durations.astype(np.int64),
        counts,
        np.full(size, Quality.VALID, np.uint8) if quality is None else np.array(quality, np.uint8),
        None,
        None if cost is None else np.array(cost, np.int64),
        currency,
    )


def readings(channel):
    """What a channel says, without the names that a format gives it."""
    return {
        "commodity": channel.commodity,
        "flow": channel.flow,
        "measure": channel.measure,
        "kind": channel.kind,
        "interval": channel.nominal_seconds,
        "starts": channel.starts.tolist(),
        "seconds": channel.seconds.tolist(),
        "counts": channel.counts.tolist(),
        "quality": channel.quality.tolist(),
        "cost": None if channel.cost is None else channel.cost.tolist(),
    }


def codes(file):
    return [finding.code for finding in file.findings]
