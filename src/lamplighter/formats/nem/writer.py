"""Writes NEM12: whole days of market time, with what is missing marked so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby

import numpy as np

from lamplighter.formats.meterdata import Channel, ReadKind
from lamplighter.formats.nem.codes import MARKET_TIME, VARIABLE, WRITTEN
from lamplighter.formats.walltime import DAY
from lamplighter.kernel.energy import Flow, Quality

OFFSET = int(timedelta(hours=10).total_seconds())
_PREFIX = {0: "", 3: "k", 6: "M", 9: "G"}
_SUFFIX = {Flow.DELIVERED: "E1", Flow.RECEIVED: "B1", Flow.NET: "N1"}
Slot = tuple[str, str]


def write_nem12(channels: Iterable[Channel], *, made_at: datetime, sender: str, receiver: str) -> str:
    """All channels. Raises ValueError for what NEM12 cannot say: registers, odd intervals, qualities without a code."""
    stamp = made_at.astimezone(MARKET_TIME).strftime("%Y%m%d%H%M")
    records = [f"100,NEM12,{stamp},{sender},{receiver}"]
    for channel in channels:
        records += _records(channel)
    return "\n".join([*records, "900", ""])


def _records(channel: Channel) -> Iterator[str]:
    step = channel.nominal_seconds
    if channel.kind is not ReadKind.INTERVAL or step <= 0 or DAY % step or step % 60:
        raise ValueError(f"{channel.identity.id}: NEM12 holds intervals of whole minutes that divide a day")
    if (channel.seconds != step).any() or ((channel.starts + OFFSET) % step).any() or len(channel.duplicates()):
        raise ValueError(f"{channel.identity.id}: the readings are not one of each interval of the day")
    power = next((power for power in _PREFIX if power >= max(channel.measure.power, 3)), None)
    suffix = channel.identity.register or _SUFFIX.get(channel.flow)
    if power is None or suffix is None:
        raise ValueError(f"NEM12 has no name for {channel.measure}, {channel.flow.value}")
    identity = channel.identity
    uom = f"{_PREFIX[power]}{channel.measure.unit.value}"
    meter = "" if identity.meter == identity.point else identity.meter
    yield f"200,{identity.point or identity.meter},{suffix},{suffix},{suffix},,{meter},{uom},{step // 60},"
    days = (channel.starts + OFFSET) // DAY
    for day, rows in groupby(range(len(days)), key=lambda row: int(days[row])):
        yield from _day(channel, day, list(rows), power - channel.measure.power)


def _day(channel: Channel, day: int, rows: list[int], places: int) -> Iterator[str]:
    """A 300 record and, where the day is of several qualities, its 400 records."""
    step = channel.nominal_seconds
    slots: list[Slot] = [("0", WRITTEN[Quality.MISSING])] * (DAY // step)
    for row in rows:
        quality = Quality(int(channel.quality[row]))
        if quality not in WRITTEN:
            raise ValueError(f"NEM12 has no code for readings that are {quality.name.lower()}")
        value = f"{Decimal(int(channel.counts[row])).scaleb(-places):f}"
        slots[int(channel.starts[row] + OFFSET) % DAY // step] = (value, WRITTEN[quality])
    runs = [(flag, len(list(run))) for flag, run in groupby(flag for _, flag in slots)]
    whole = runs[0][0] if len(runs) == 1 else VARIABLE
    date = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).strftime("%Y%m%d")
    yield f"300,{date},{','.join(value for value, _ in slots)},{whole},,,{date}235959,"
    ends = np.cumsum([length for _, length in runs]).tolist() if whole == VARIABLE else []
    for (flag, length), end in zip(runs, ends, strict=False):
        yield f"400,{end - length + 1},{end},{flag},,"
