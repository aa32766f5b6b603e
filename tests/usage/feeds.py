"""Meter files made in tests: one reading a line, with the mapping that says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.formats import meterdata
from lamplighter.formats.meterdata import Format, Identity, MeterFile, ReadKind
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Commodity, Flow, Measure, Unit
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store

ZONE = ZoneInfo("America/Los_Angeles")
HOURLY = """
[columns]
meter = "meter"
register = "register"
status = "status"
time = "start"

[time]
format = "epoch"
interval = 3600

[status]
other = "valid"

[status.map]
E = "estimated-reference-day"

[[value]]
column = "value"
unit = "Wh"
"""
REGISTERS = HOURLY.replace("interval = 3600", "").replace('unit = "Wh"', 'unit = "kWh"\nkind = "register"')
Row = tuple[str, int, object]


def hours(day: str, counts: Iterable[int], meter: str = "E-0001") -> list[Row]:
    """Hourly readings from local midnight of a day on; a negative-infinite hole is None and is left out."""
    first = int(midnight(date.fromisoformat(day), ZONE).timestamp())
    return [(meter, first + 3600 * i, count) for i, count in enumerate(counts) if count is not None]


def text(rows: Iterable[tuple], register: str = "") -> bytes:
    lines = [f"{meter},{register},{start},{value},{''.join(rest)}" for meter, start, value, *rest in rows]
    return "\n".join(["meter,register,start,value,status", *lines, ""]).encode()


def write(folder: Path, name: str, rows: Iterable[tuple], register: str = "") -> Path:
    path = folder / name
    path.write_bytes(text(rows, register))
    return path


def stored(channel: Channel, period: Period, *, raw: bool = False):
    """The published readings of a channel."""
    calendar = slot_calendar(period, seconds=channel.interval, zone=ZONE)
    ids = np.array([channel.pk], dtype=np.int64)
    return interval_store().read(ids, calendar, published=published(), raw=raw)


def values(channel: Channel, period: Period) -> list[int | None]:
    block = stored(channel, period)
    return [int(v) if there else None for v, there in zip(block.values[0], block.present[0], strict=True)]


def days(first: str, last: str) -> Period:
    """From the first day up to, not including, the last."""
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def meter_file(meter: str, rows: Iterable[tuple[int, int, int]], seconds: int = 3600, **kwargs: object) -> MeterFile:
    """A file as a reader gives it: readings of (start, seconds, count) of one meter."""
    ordered = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    given = {
        "commodity": Commodity.ELECTRICITY, "flow": Flow.DELIVERED, "measure": Measure(Unit.WH),
        "kind": ReadKind.INTERVAL, "quality": np.zeros(len(ordered), dtype=np.uint8),
    } | kwargs  # fmt: skip
    channel = meterdata.Channel(
        identity=Identity(meter, meter), interval_seconds=seconds, starts=ordered[:, 0], seconds=ordered[:, 1],
        counts=ordered[:, 2], **given,
    )  # fmt: skip
    return MeterFile(Format.CSV, (channel,), name="made.csv")


MAY = days("2026-05-01", "2026-06-01")
WEEK = days("2026-05-04", "2026-05-11")
USUAL = [300 + 40 * (hour % 24) + hour // 24 for hour in range(7 * 24)]
"""A week of hours of Ada's, with more in the evening."""


def open_rules():
    """Every exception that waits: its rule, its day and its slot."""
    rows = IntervalException.objects.filter(state="open").order_by("rule", "day", "slot")
    return [(row.rule, row.day.isoformat(), row.slot) for row in rows]
