"""The file that the first collector sent last night: readings of yesterday, with what is wrong in every such file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lamplighter.formats.cmep.writer import write_cmep
from lamplighter.formats.meterdata import Channel, Identity, ReadKind
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.reading import import_file
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from lamplighter.kernel.periods import Period
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.loads import counts
from lamplighter.town.plan import Plan, Reading, Service
from lamplighter.town.staff import READS
from lamplighter.usage.intake.options import ImportOptions

COLLECTED = 80
SPIKED, SILENT, STUCK = 3, 7, 11  # places of meters in the file
STRANGER = "E-77990001"  # nobody has added this meter
CUT_OFF = "MEPMD01,20080501,Collector 1,,,"


def collected(plan: Plan) -> list[Service]:
    """The homes whose meters the collector reads."""
    return hourly_homes(plan)[:COLLECTED]


def hourly_homes(plan: Plan) -> list[Service]:
    """Filler homes with hourly meters that are heard and send nothing back."""
    services = [service for one in plan.customers if one.key.startswith("home-") for service in one.services]
    return [
        service
        for service in services
        if (meter := service.meter) is not None
        and meter.reading is Reading.HOURLY
        and not meter.sends
        and meter.silent_since is None
    ]


def take_in_last_night(plan: Plan, *, now: datetime) -> None:
    """Write the file and import it as any meter file."""
    services = collected(plan)
    if not services:
        return
    when = min(now, at(plan.as_of, 2, 10))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"collector-1_{plan.as_of:%Y%m%d}.cmep"
        text = write_cmep(_channels(plan, services), made_at=at(plan.as_of, 1), sender="Collector 1", zone=ZONE)
        path.write_text(text + CUT_OFF + "\n", "utf-8")
        import_file(path=path, options=ImportOptions(zone=ZONE.key), by=READS, at=when)


def _channels(plan: Plan, services: list[Service]) -> Iterator[Channel]:
    whole = slot_calendar(Period(plan.begins, plan.as_of), seconds=3600, zone=ZONE)
    yesterday = plan.as_of - timedelta(days=1)
    slots = whole.slots_of(yesterday)
    for place, service in enumerate(services):
        assert service.load is not None
        assert service.meter is not None
        delivered, _ = counts(service.load, whole)
        wh = delivered[slots].copy()
        quality = np.full(len(wh), Quality.VALID, dtype=np.uint8)
        if place == SPIKED:
            wh[15] *= 40
        if place == SILENT:
            wh[2:10], quality[2:10] = 0, Quality.MISSING
        if place == STUCK:
            wh[6:] = 0
        yield hourly_channel(service.meter.badge, whole.starts[slots], wh, quality)
        if place == 0:
            yield hourly_channel(STRANGER, whole.starts[slots], wh, quality)


def hourly_channel(
    badge: str,
    starts: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    wh: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    quality: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> Channel:
    """An hourly channel in Wh as a meter file tells it."""
    return Channel(
        Identity(badge, meter=badge, point=badge), Commodity.ELECTRICITY, Flow.DELIVERED, Measure(Unit.WH),
        ReadKind.INTERVAL, 3600, starts, np.full(len(starts), 3600, dtype=np.int64), wh, quality,
    )  # fmt: skip
