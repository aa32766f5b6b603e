"""Writes Green Button: usage points, their meter readings and interval blocks as an Atom feed of NAESB ESPI 3.3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from lxml import etree

from lamplighter.formats.espi.clocks import local_time
from lamplighter.formats.espi.codes import (
    ATOM,
    ESPI,
    POWERS,
    WRITTEN_ACCUMULATION,
    WRITTEN_COMMODITY,
    WRITTEN_FLOW,
    WRITTEN_SERVICE,
    WRITTEN_UOM,
)
from lamplighter.formats.espi.elements import INT48
from lamplighter.formats.meterdata import Channel, ReadKind
from lamplighter.formats.walltime import DAY
from lamplighter.kernel.energy import Commodity, Quality, Unit

TypeWords = tuple[int | str, ...]
TYPE_NAMES = (
    "accumulationBehaviour", "commodity", "currency", "dataQualifier", "flowDirection", "intervalLength", "kind",
    "phase", "powerOfTenMultiplier", "timeAttribute", "uom",
)  # fmt: skip
NORMAL = 12  # dataQualifier
_KINDS = {
    Unit.WH: 12, Unit.VARH: 12, Unit.VAH: 12, Unit.THERM: 12, Unit.JOULE: 12, Unit.BTU: 12, Unit.W: 37, Unit.VA: 37,
    Unit.VAR: 37, Unit.VOLT: 54, Unit.AMPERE: 4, Unit.POWER_FACTOR: 38, Unit.CUBIC_METRE: 58, Unit.CUBIC_FOOT: 58,
    Unit.US_GALLON: 58, Unit.CELSIUS: 46,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says besides its readings.

    `namespace` and `base` make the ids, which must stay the same for ever: every entry's id is the UUIDv5 of its link.
    `titles` names usage points for people, by `identity.point`.
    """

    namespace: UUID
    base: str
    made_at: datetime
    zone: tzinfo
    title: str = "Green Button usage feed"
    titles: tuple[tuple[str, str], ...] = ()


def write_espi(channels: Sequence[Channel], feed: Feed) -> bytes:
    """A feed of all channels, grouped by `identity.point`. Readings without a value are not written.

    Raises ValueError for what ESPI has no code for, and for values beyond its 48 bits.
    """
    writer = Writer(feed)
    ordered = sorted(channels, key=lambda channel: channel.identity.point)
    for point, group in groupby(ordered, key=lambda channel: channel.identity.point):
        writer.usage_point(point, list(group))
    starts = [int(channel.starts[0]) for channel in channels if len(channel.starts)]
    writer.local_time(min(starts, default=int(feed.made_at.timestamp())))
    writer.reading_types()
    document: bytes = etree.tostring(writer.root, xml_declaration=True, encoding="UTF-8")
    return document


class Writer:
    """Appends entries to one feed, and remembers which reading types it needs."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.clock = f"{feed.base}/LocalTimeParameters/1"
        self.types: dict[TypeWords, str] = {}
        self.root: Any = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
        _text(self.root, ATOM, "id", self._urn(feed.base))
        _link(self.root, "self", feed.base)
        _text(self.root, ATOM, "title", feed.title)
        _text(self.root, ATOM, "updated", _stamp(feed.made_at))

    def usage_point(self, point: str, channels: list[Channel]) -> None:
        """A usage point with its meter readings."""
        href = f"{self.feed.base}/UsagePoint/{self._opaque('UsagePoint', point)}"
        title = dict(self.feed.titles).get(point, "Usage point")
        content = self._entry(href, title, related=(f"{href}/MeterReading", self.clock))
        category = _element(_element(content, "UsagePoint"), "ServiceCategory")
        kind = WRITTEN_SERVICE.get(channels[0].commodity, WRITTEN_SERVICE[Commodity.ELECTRICITY])
        _text(category, ESPI, "kind", kind)
        for channel in channels:
            self._meter_reading(f"{href}/MeterReading", channel)

    def local_time(self, epoch: int) -> None:
        """The clock of the place; readings themselves are in UTC."""
        clock = local_time(self.feed.zone, epoch)
        said = _element(self._entry(self.clock, "Local time"), "LocalTimeParameters")
        _text(said, ESPI, "dstEndRule", clock.end_rule)
        _text(said, ESPI, "dstOffset", clock.dst_offset)
        _text(said, ESPI, "dstStartRule", clock.start_rule)
        _text(said, ESPI, "tzOffset", clock.offset)

    def reading_types(self) -> None:
        """What the meter readings that were written measure."""
        for words, href in self.types.items():
            kind = _element(self._entry(href, "Type of meter reading data"), "ReadingType")
            for name, value in zip(TYPE_NAMES, words, strict=True):
                if value != "":
                    _text(kind, ESPI, name, value)

    def _meter_reading(self, up: str, channel: Channel) -> None:
        scaled, power = _scaled(channel)
        words = _type_words(channel, power)
        kind = self.types.setdefault(words, f"{self.feed.base}/ReadingType/{self._opaque('ReadingType', repr(words))}")
        href = f"{up}/{self._opaque('MeterReading', channel.identity.id)}"
        title = f"{channel.commodity.value.capitalize()} {channel.flow.value}"
        _element(self._entry(href, title, related=(f"{href}/IntervalBlock", kind)), "MeterReading")
        for rows in _by_day(channel):
            block_href = f"{href}/IntervalBlock/{int(channel.starts[rows[0]])}"
            _fill_block(_element(self._entry(block_href, ""), "IntervalBlock"), channel, scaled, rows)

    def _entry(self, href: str, title: str, related: Iterable[str] = ()) -> Any:
        """An entry with its links; returns its content, to be filled."""
        entry = etree.SubElement(self.root, f"{{{ATOM}}}entry")
        _text(entry, ATOM, "id", self._urn(href))
        _link(entry, "self", href)
        _link(entry, "up", href.rpartition("/")[0])
        for other in related:
            _link(entry, "related", other)
        _text(entry, ATOM, "title", title)
        content = etree.SubElement(entry, f"{{{ATOM}}}content")
        _text(entry, ATOM, "published", _stamp(self.feed.made_at))
        _text(entry, ATOM, "updated", _stamp(self.feed.made_at))
        return content

    def _opaque(self, kind: str, name: str) -> str:
        """A part of a link that stays the same and tells nothing about whose it is."""
        return str(uuid5(self.feed.namespace, f"{kind}:{name}"))

    def _urn(self, href: str) -> str:
        return f"urn:uuid:{uuid5(self.feed.namespace, href)}"


def _fill_block(block: Any, channel: Channel, scaled: Any, rows: list[int]) -> None:
    begin = int(channel.starts[rows[0]])
    end = max(int(channel.starts[row] + channel.seconds[row]) for row in rows)
    _period(block, "interval", begin, end - begin)
    for row in rows:
        reading = _element(block, "IntervalReading")
        if channel.cost is not None:
            _text(reading, ESPI, "cost", int(channel.cost[row]))
        if channel.quality[row] != Quality.VALID:
            _text(_element(reading, "ReadingQuality"), ESPI, "quality", int(channel.quality[row]))
        _period(reading, "timePeriod", int(channel.starts[row]), int(channel.seconds[row]))
        _text(reading, ESPI, "value", int(scaled[row]))


def _type_words(channel: Channel, power: int) -> TypeWords:
    """The values of a ReadingType under TYPE_NAMES; an empty one is not written."""
    unit = channel.measure.unit
    if unit not in WRITTEN_UOM:
        raise ValueError(f"ESPI has no uom for {unit.value}")
    interval: int | str = channel.nominal_seconds if channel.kind is ReadKind.INTERVAL else ""
    electricity = channel.commodity is Commodity.ELECTRICITY
    return (
        WRITTEN_ACCUMULATION[channel.kind], WRITTEN_COMMODITY[channel.commodity],
        channel.currency if channel.cost is not None else "", NORMAL, WRITTEN_FLOW[channel.flow], interval,
        _KINDS.get(unit, 0), 0 if electricity else "", power, 0, WRITTEN_UOM[unit],
    )  # fmt: skip


def _scaled(channel: Channel) -> tuple[Any, int]:
    """Counts in a power of ten that ESPI has: the next finer one."""
    powers = [power for power in POWERS if power <= channel.measure.power]
    if not powers:
        raise ValueError(f"ESPI has no power of ten as small as {channel.measure.power}")
    finer = channel.measure.power - powers[-1]
    if len(channel.counts) and int(np.abs(channel.counts).max()) * 10**finer >= INT48:
        raise ValueError(f"{channel.identity.id}: a value does not fit the 48 bits of ESPI")
    return channel.counts * 10**finer, powers[-1]


def _by_day(channel: Channel) -> Iterator[list[int]]:
    """Rows with a value, in blocks of about a day."""
    rows = np.flatnonzero(channel.present).tolist()
    for _, block in groupby(rows, key=lambda row: int(channel.starts[row] - channel.starts[0]) // DAY):
        yield list(block)


def _period(parent: Any, name: str, start: int, seconds: int) -> None:
    period = _element(parent, name)
    _text(period, ESPI, "duration", seconds)
    _text(period, ESPI, "start", start)


def _element(parent: Any, name: str) -> Any:
    outer = parent.nsmap.get(None) != ESPI
    return etree.SubElement(parent, f"{{{ESPI}}}{name}", nsmap={None: ESPI} if outer else None)  # type: ignore[dict-item]


def _text(parent: Any, namespace: str, name: str, value: object) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = str(value)


def _link(parent: Any, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
