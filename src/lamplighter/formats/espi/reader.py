"""Reads Green Button ESPI: follows the links from interval blocks to what they measure, and gathers the readings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lamplighter.formats.digits import INT64_MAX
from lamplighter.formats.espi.atom import NO_QUALITY, UNSAID, Entry, ReadingType
from lamplighter.formats.espi.codes import COMMODITY, FLOW, QUALITIES, REGISTERS, SERVICE, UOM
from lamplighter.formats.espi.feed import Feed
from lamplighter.formats.espi.links import Family, Types
from lamplighter.formats.gathering import Gathering, Series
from lamplighter.formats.measures import commodity_of, measures
from lamplighter.formats.meterdata import Format, Identity, Ints, MeterFile, ReadKind
from lamplighter.formats.refusals import Findings
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery
from lamplighter.kernel.energy import Commodity, Flow, Quality, Unit


@dataclass(slots=True)
class Meter:
    """One meter reading with the blocks that belong to it, and the usage point that it belongs to."""

    entry: Entry
    point: Entry | None = None
    blocks: list[Entry] = field(default_factory=list)

    def column(self, name: str) -> Ints:
        return np.concatenate([np.array(getattr(block.readings, name), np.int64) for block in self.blocks])


def read_espi(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    """Read a whole feed, or a single entry. Raises Unreadable when it is hostile or no well-formed XML."""
    found = Findings(delivery.name, settings.limits.findings)
    if settings.zone is not None:
        found.info("espi.zone", "times of Green Button are UTC; the time zone that was given is not used.")
    feed = Feed(delivery, found)
    feed.read()
    gathering = Gathering(found, keep_neighbours=True)
    types = Types(_of(feed, "ReadingType"), found)
    for meter in _meters(feed, found):
        _gather(meter, types, gathering, found)
    channels = gathering.channels()
    if not channels and not found.errors:
        found.error(
            "espi.no-readings", "the feed holds no interval readings.", field="IntervalReading",
            remedy="Ask the sender for the usage data of a usage point.",
        )  # fmt: skip
    return MeterFile(Format.ESPI, channels, found.findings(), delivery.name)


def _of(feed: Feed, kind: str) -> list[Entry]:
    return [entry for entry in feed.entries if entry.kind == kind]


def _meters(feed: Feed, found: Findings) -> list[Meter]:
    readings = Family(_of(feed, "MeterReading"), "meter reading", found)
    points = Family(_of(feed, "UsagePoint"), "usage point", found)
    meters: dict[int, Meter] = {}
    for block in _of(feed, "IntervalBlock"):
        if not len(block.readings):
            continue
        entry = readings.parent(block) or block
        meter = meters.setdefault(id(entry), Meter(entry))
        meter.blocks.append(block)
    for meter in meters.values():
        meter.point = points.parent(meter.entry)
    return list(meters.values())


def _gather(meter: Meter, types: Types, gathering: Gathering, found: Findings) -> None:
    starts, seconds, values = meter.column("starts"), meter.column("seconds"), meter.column("values")
    kind = types.of(meter.entry, set(np.unique(seconds).tolist()))
    if kind is None:
        return
    read = _kind_of(kind, starts, values, meter, found)
    series = _series(meter, kind, read, found)
    if series is None:
        return
    unsaid = seconds <= UNSAID
    starts[unsaid] += (UNSAID - seconds[unsaid]) * (kind.interval or 0)
    seconds[unsaid] = kind.interval or 0
    quality = meter.column("quality")
    quality[quality == NO_QUALITY] = kind.quality if kind.quality in QUALITIES else Quality.VALID
    factor = UOM[kind.uom or 0].factor
    good, lines = np.abs(values) <= INT64_MAX // factor, meter.column("lines")
    for row in found.worded("espi.value", ~good):
        found.error(
            "espi.value", "the value is too large.", line=int(lines[row]), field="value",
            remedy="The reading is left out. Ask the sender for it again.",
        )  # fmt: skip
    if read is ReadKind.REGISTER:
        starts, seconds = starts + seconds, np.zeros_like(seconds)
    for row in found.worded("espi.instant", (seconds == 0) & (read is ReadKind.INTERVAL)):
        found.warning("espi.instant", "the reading lasts no time; it is kept.", line=int(lines[row]), field="duration")
    number = gathering.series(series)
    gathering.add(
        number, starts[good], seconds=seconds[good], values=values[good] * factor,
        places=meter.column("places")[good], quality=quality[good], lines=lines[good],
    )  # fmt: skip
    if any(block.readings.costed for block in meter.blocks):
        gathering.add_costs(number, meter.column("costs")[good])


def _kind_of(kind: ReadingType, starts: Ints, values: Ints, meter: Meter, found: Findings) -> ReadKind:
    """A register falls when it rolls over, and hardly ever else; senders mark plain intervals as bulk quantity."""
    if kind.accumulation not in REGISTERS:
        return ReadKind.INTERVAL
    falls = int((np.diff(values[np.argsort(starts, kind="stable")]) < 0).sum())
    if falls <= max(1, len(values) // 100):
        return ReadKind.REGISTER
    found.warning(
        "espi.accumulation", f"{meter.entry.name}: the reading type is of a register, but the values fall; "
        "they are taken as intervals.", line=meter.entry.line, field="accumulationBehaviour",
    )  # fmt: skip
    return ReadKind.INTERVAL


def _series(meter: Meter, kind: ReadingType, read: ReadKind, found: Findings) -> Series | None:
    scale = UOM.get(kind.uom if kind.uom is not None else -1)
    if scale is None or not -15 <= (kind.power or 0) <= 15:
        what = "no unit" if kind.uom is None else f"uom {kind.uom} and powerOfTenMultiplier {kind.power or 0}"
        found.error(
            "espi.uom", f"{meter.entry.name}: the reading type says {what}, which is no unit of usage.",
            line=meter.entry.line, field="uom", remedy="The readings are left out. Ask the sender to name the unit.",
        )  # fmt: skip
        return None
    point = meter.point.name if meter.point else ""
    commodity = _commodity(meter, kind, scale.unit, found)
    return Series(
        Identity(meter.entry.name, point or meter.entry.name, point, meter.entry.name.rpartition("/")[2]),
        commodity,
        FLOW.get(kind.flow or 0, Flow.DELIVERED),
        scale.unit,
        scale.power + (kind.power or 0),
        read,
        0 if read is ReadKind.REGISTER else max(kind.interval or 0, 0),
        "" if kind.currency is None else str(kind.currency),
    )


def _commodity(meter: Meter, kind: ReadingType, unit: Unit, found: Findings) -> Commodity:
    """What the reading type says, or the usage point, or the unit. Gas in kWh is usual; water in kWh is a mistake."""
    service = SERVICE.get(meter.point.service) if meter.point and meter.point.service is not None else None
    said = COMMODITY.get(kind.commodity, Commodity.OTHER) if kind.commodity else None
    commodity = said or service or commodity_of(unit) or Commodity.OTHER
    if commodity not in {Commodity.GAS, Commodity.OTHER} and not measures(unit, commodity):
        found.warning(
            "espi.commodity", f"{meter.entry.name}: {commodity.value} is not measured in {unit.value}; the readings "
            "are kept in the unit that the feed names.", line=meter.entry.line, field="uom",
        )  # fmt: skip
    return commodity
