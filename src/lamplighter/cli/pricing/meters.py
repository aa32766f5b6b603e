"""Turn a meter file of any format that we read into a load: one meter's channels, exactly, gaps staying gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lamplighter.cli.pricing.months import months_covered
from lamplighter.cli.pricing.opened import Opened
from lamplighter.cli.pricing.refused import UNREADABLE, Refused, refused
from lamplighter.kernel.energy import Commodity, Flow, Quality, Unit
from lamplighter.kernel.findings import Finding
from lamplighter.rating.determinants import What
from lamplighter.rating.load import Channel as LoadChannel
from lamplighter.rating.load import Interval, Load, load_of

if TYPE_CHECKING:
    from lamplighter.formats.meterdata import Channel, MeterFile

ENERGY = {Unit.WH: What.KWH, Unit.VARH: What.KVARH, Unit.VAH: What.KVAH}
POWER = {Unit.W: What.KWH, Unit.VAR: What.KVARH, Unit.VA: What.KVAH}
KILO = -3


def open_meter_file(path: Path, zone: ZoneInfo) -> Opened:
    """The intervals of one electric meter, billed by calendar months; what is before and after whole days is left out.

    Raises Refused: with exit code 2 for what cannot be read, with 1 for files of several meters or without
    interval readings.
    """
    from lamplighter.formats.reading import read_files
    from lamplighter.formats.refusals import Unreadable

    try:
        files = list(read_files(path))
    except Unreadable as fault:
        raise Refused([fault.finding], UNREADABLE) from fault
    findings = tuple(finding for file in files for finding in file.findings)
    channels = _channels(files, path)
    if not channels:
        raise Refused([*findings, *refused("load", f"{path.name} holds no interval readings of electricity.").findings])
    load, noticed = _load(channels, zone, path)
    periods, kinds = months_covered(load, zone, path.name)
    return Opened(load, periods, kinds, (*findings, *noticed))


def _load(channels: Mapping[LoadChannel, Channel], zone: ZoneInfo, path: Path) -> tuple[Load, tuple[Finding, ...]]:
    """The readings as they came; where they contradict each other, as a meter of the store has them."""
    try:
        return load_of(zone, {key: _intervals(channel) for key, channel in channels.items()}), ()
    except ValueError as fault:
        if any(channel.measure.unit in POWER for channel in channels.values()):
            raise refused("load", f"{path.name}: {fault}.") from fault
    from lamplighter.cli.pricing.settling import settled

    several = {key: settled(channel, zone, path.name) for key, channel in channels.items()}
    noticed = tuple(finding for one in several.values() for finding in one.findings)
    return load_of(zone, {key: _intervals(one.channel) for key, one in several.items()}), noticed


def _channels(files: Sequence[MeterFile], path: Path) -> dict[LoadChannel, Channel]:
    """One channel for each quantity and direction."""
    from lamplighter.formats.meterdata import ReadKind

    found: dict[LoadChannel, Channel] = {}
    for channel in (channel for file in files for channel in file.channels):
        what = {**ENERGY, **POWER}.get(channel.measure.unit)
        if what is None or channel.commodity is not Commodity.ELECTRICITY or channel.kind is not ReadKind.INTERVAL:
            continue
        if channel.flow not in {Flow.DELIVERED, Flow.RECEIVED}:
            message = f"{path.name}: channel {channel.identity.id} is of {channel.flow} flow, which cannot be priced."
            raise refused("load", message, "Delivered and received energy are needed as channels of their own.")
        if (what, channel.flow) in found:
            names = f"{found[what, channel.flow].identity.id} and {channel.identity.id}"
            remedy = "Price the meters one by one, or add them up first where the tariff totalises them."
            raise refused("load", f"{path.name} holds several channels of {what} {channel.flow}: {names}.", remedy)
        found[what, channel.flow] = channel
    return found


def _intervals(channel: Channel) -> Iterator[Interval]:
    """Readings that have a value, as kWh, kVArh or kVAh; power is the mean over its interval."""
    present = channel.present
    for start, seconds, count, quality, known in zip(
        channel.starts.tolist(),
        channel.seconds.tolist(),
        channel.counts.tolist(),
        channel.quality.tolist(),
        present.tolist(),
        strict=True,
    ):
        if known:
            value = channel.measure.value(count).scaleb(KILO)
            if channel.measure.unit in POWER:
                value = value * seconds / 3600
            at = datetime.fromtimestamp(start, UTC)
            yield Interval(at, seconds, value, Quality(quality).estimated)
