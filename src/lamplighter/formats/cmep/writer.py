"""Writes CMEP: MEPMD01 records of interval and register readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from lamplighter.formats.cmep.codes import COMMODITIES, READ, WRITTEN
from lamplighter.formats.meterdata import Channel, ReadKind
from lamplighter.kernel.energy import Flow, Quality, Unit

VERSION = "20080501"
MOST = 96  # readings of one record
_COMMODITY = {commodity: letter for letter, commodity in COMMODITIES.items()}
_DIRECTION = {Flow.DELIVERED: "", Flow.RECEIVED: "G", Flow.NET: "N", Flow.TOTAL: "S"}
_UNITS = {
    Unit.WH: ((3, "KWH"), (6, "MWH")),
    Unit.VARH: ((3, "KVARH"),),
    Unit.VAH: ((3, "KVAH"),),
    Unit.W: ((3, "KW"),),
    Unit.CUBIC_FOOT: ((0, "CF"), (2, "CCF"), (3, "MCF")),
    Unit.US_GALLON: ((0, "GAL"), (3, "KGAL")),
    Unit.CUBIC_METRE: ((0, "M3"),),
    Unit.THERM: ((0, "THERM"),),
}


def write_cmep(
    channels: Iterable[Channel], *, made_at: datetime, sender: str, receiver: str = "", zone: tzinfo = UTC
) -> str:
    """All channels as lines. Times are ends of intervals on the clock of `zone`.

    Raises ValueError for what CMEP cannot say: units it has no name for, odd durations, times within a minute.
    """
    stamp = made_at.astimezone(zone).strftime("%Y%m%d%H%M")
    return "".join(
        ",".join([READ, VERSION, sender, "", receiver, channel.identity.point, stamp, *rest]) + "\n"
        for channel in channels
        for rest in _records(channel, zone)
    )


def _records(channel: Channel, zone: tzinfo) -> Iterator[list[str]]:
    name, places = _unit(channel)
    if channel.commodity not in _COMMODITY:
        raise ValueError(f"CMEP has no letter for {channel.commodity.value}")
    register = channel.kind is ReadKind.REGISTER
    seconds = 0 if register else channel.nominal_seconds
    if (channel.seconds != seconds).any() or seconds % 60 or (channel.starts % 60).any():
        raise ValueError(f"{channel.identity.id}: CMEP has whole minutes, and one duration for a record's readings")
    fixed = [channel.identity.meter, "OK", _COMMODITY[channel.commodity], name, "1.0", _interval(seconds)]
    for at in range(0, len(channel.starts), MOST):
        rows = range(at, min(at + MOST, len(channel.starts)))
        triplets = [part for row in rows for part in _triplet(channel, row, places, zone)]
        yield [*fixed, str(len(rows)), *triplets]


def _triplet(channel: Channel, row: int, places: int, zone: tzinfo) -> tuple[str, str, str]:
    end = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(channel.starts[row] + channel.seconds[row]))
    quality = Quality(int(channel.quality[row]))
    if quality not in WRITTEN:
        raise ValueError(f"CMEP has no flag for readings that are {quality.name.lower()}")
    value = "" if quality is Quality.MISSING else f"{Decimal(int(channel.counts[row])).scaleb(-places):f}"
    return end.astimezone(zone).strftime("%Y%m%d%H%M"), WRITTEN[quality], value


def _unit(channel: Channel) -> tuple[str, int]:
    """The name of the unit, and the decimal places that its numbers have."""
    choices = _UNITS.get(channel.measure.unit, ())
    choice = next((choice for choice in choices if choice[0] >= channel.measure.power), None)
    if choice is None:
        raise ValueError(f"CMEP has no name for {channel.measure}")
    power, name = choice
    suffix = "REG" if channel.kind is ReadKind.REGISTER else ""
    return f"{_DIRECTION[channel.flow]}{name}{suffix}", power - channel.measure.power


def _interval(seconds: int) -> str:
    """MMDDHHMM."""
    minutes = seconds // 60
    return f"00{minutes // 1440:02d}{minutes % 1440 // 60:02d}{minutes % 60:02d}"
