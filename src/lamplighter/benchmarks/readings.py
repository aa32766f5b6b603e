"""Seeded quarter-hour readings of homes, as arrays and as the files that head-ends send."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from lamplighter.benchmarks.sizes import SEED, Size
from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.intervals.gridding import Readings, grid
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period

FIRST = date(2026, 8, 1)
SECONDS = 900
PACIFIC, MARKET = ZoneInfo("America/Los_Angeles"), ZoneInfo("Australia/Brisbane")  # NEM files keep UTC+10
MAPPING = """
name = "one read a line"
[columns]
meter = "meter"
time = "time"
[time]
interval = 900
[[value]]
column = "wh"
unit = "Wh"
"""


def calendar(size: Size, zone: ZoneInfo = PACIFIC) -> SlotCalendar:
    return slot_calendar(Period(FIRST, FIRST + timedelta(days=size.days)), seconds=SECONDS, zone=zone)


def counts(meters: int, when: SlotCalendar) -> Int64:
    """Wh of each meter and slot: low at night, more in the evening, no two slots alike."""
    random = np.random.default_rng(SEED)
    hours = when.minutes / 60
    shape = 60 + 160 * np.exp(-((hours - 19) ** 2) / 8) + 50 * np.exp(-((hours - 7.5) ** 2) / 3)
    scale = random.uniform(0.5, 2.0, (meters, 1))
    wh: Int64 = np.round(shape * scale * random.uniform(0.7, 1.3, (meters, when.slots))).astype(np.int64)
    return wh


def channel_days(meters: int, when: SlotCalendar, ids: Int64 | None = None) -> ChannelDays:
    """The same on its days, of channels 1 and up or with the `ids` given, ascending."""
    values = counts(meters, when)
    channels = np.arange(1, meters + 1, dtype=np.int64) if ids is None else ids
    readings = Readings(
        channels=np.repeat(channels, when.slots),
        starts=np.tile(when.starts, meters),
        seconds=np.full(values.size, when.seconds, dtype=np.int64),
        counts=values.reshape(-1),
        quality=np.full(values.size, Quality.VALID, dtype=np.uint8),
    )
    return grid(readings, seconds=when.seconds, zone=when.zone).days


def write_csv(path: Path, size: Size) -> int:
    """`meter,time,wh`, one read a line; how many reads."""
    when = calendar(size)
    values = counts(size.meters, when)
    stamps = np.array([datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in when.starts])
    names = np.array([f"E-{meter:07}" for meter in range(1, size.meters + 1)])
    table = pa.table({
        "meter": np.repeat(names, when.slots), "time": np.tile(stamps, size.meters), "wh": values.reshape(-1),
    })  # fmt: skip
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="none"))
    return int(values.size)


def write_nem12(path: Path, size: Size) -> int:
    """A meter-day a line, kWh with three decimals; how many reads."""
    when = calendar(size, MARKET)
    values = counts(size.meters, when).reshape(size.meters, when.days, -1)
    days = [f"{day:%Y%m%d}" for day in when.period]
    with path.open("w", encoding="ascii") as file:
        file.write("100,NEM12,202609010000,SENDER,RECEIVER\n")
        for meter in range(size.meters):
            file.write(f"200,{meter + 1:010},E1,E1,E1,,E-{meter + 1:07},kWh,15,\n")
            for day, row in zip(days, values[meter].tolist(), strict=True):
                reads = ",".join(f"{count / 1000:.3f}" for count in row)
                file.write(f"300,{day},{reads},A,,,{day}235959,\n")
        file.write("900\n")
    return int(values.size)
