"""Use behind segments: kWh by local day from the interval store as it was when the bill was made, or register reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.reading_view import DayUse, RegisterUse, UseView
from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block, by_day
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.rating.determinants import What
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.channels import Stretch, stretches
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone

Points = Mapping[int, tuple[PointUse, ...]]  # of each agreement


def uses(segments: Sequence[Segment], points: Points) -> dict[int, UseView]:
    """How the use of each segment was measured, by segment. Queries do not grow with their number."""
    found = dict(zip((segment.pk for segment in segments), parts_of(segments, points), strict=True))
    reads = _reads(segments)
    blocks = _blocks(segments, found)
    days = {read: _told_by_day(block) for read, block in blocks.items()}
    return {
        segment.pk: UseView(
            method=_usage(segment).get("method", ""),
            days=tuple(_days(segment, found[segment.pk], blocks, days)),
            registers=tuple(_registers(found[segment.pk], [reads[pk] for pk in _usage(segment).get("reads", ())])),
            meters=tuple(dict.fromkeys(part.channel.meter.badge for part in found[segment.pk])),
        )
        for segment in segments
    }


def parts_of(segments: Sequence[Segment], points: Points) -> list[list[Stretch]]:
    """The channels that counted for each segment; three queries for all."""
    return stretches(
        [
            Wanted(
                segment.pk,
                points[segment.agreement_id],
                segment.period,
                (),
            )
            for segment in segments
        ]
    )


def counted(part: Stretch, calendar: SlotCalendar) -> Bool:
    """The slots in which a stretch counts. The one in which it begins or ends belongs to both meters of an exchange."""
    assert part.span.end is not None
    mask: Bool = (calendar.edges[1:] > part.span.start.timestamp()) & (calendar.starts < part.span.end.timestamp())
    return mask


def _usage(segment: Segment) -> Mapping[str, Any]:
    usage: Mapping[str, Any] = segment.statement.get("usage", {})
    return usage


@dataclass(frozen=True, slots=True)
class _Read:
    """What one read of the store is for: channels of one interval length, over the same days, as of one revision."""

    seconds: int
    period: Period
    revision: int


def _blocks(segments: Sequence[Segment], found: Mapping[int, Sequence[Stretch]]) -> dict[_Read, Block]:
    """Readings of every interval channel; segments billed alike share one scan."""
    wanted: dict[_Read, set[int]] = {}
    for segment in segments:
        for part in found[segment.pk]:
            if part.channel.interval:
                wanted.setdefault(_read(segment, part), set()).add(part.channel.pk)
    if not wanted:
        return {}
    now = published()
    return {read: _block(read, channels, now) for read, channels in wanted.items()}


def _block(read: _Read, channels: set[int], now: Published) -> Block:
    calendar = slot_calendar(read.period, seconds=read.seconds, zone=utility_zone())
    ids = np.array(sorted(channels), dtype=np.int64)
    return interval_store().read(ids, calendar, published=now, as_of=read.revision)


def _read(segment: Segment, part: Stretch) -> _Read:
    assert part.channel.interval is not None
    return _Read(part.channel.interval, segment.period, segment.revision)


@dataclass(frozen=True, slots=True)
class _ByDay:
    """Of each channel and local day: what was measured, whether some is estimated, whether some is missing of what a
    channel has otherwise. The channel of what is sent back says nothing where nothing is."""

    measured: Int64
    estimated: Bool
    missing: Bool


def _told_by_day(block: Block, counts: Bool | None = None) -> _ByDay:
    """All channels of a block at once, in all slots or in those that count."""
    calendar, there = block.calendar, block.present
    gone, guessed, known = ~there, block.estimated, block.known()
    if counts is not None:
        there, gone, guessed, known = there & counts, gone & counts, guessed & counts, known * counts
    missing = (by_day(calendar, gone) > 0) & there.any(axis=1, keepdims=True)
    return _ByDay(by_day(calendar, known), by_day(calendar, guessed) > 0, missing)


def _days(
    segment: Segment, parts: Iterable[Stretch], blocks: Mapping[_Read, Block], told: Mapping[_Read, _ByDay]
) -> Iterable[DayUse]:
    """kWh of each local day, all channels added up."""
    energy = [part for part in parts if part.channel.interval and part.what is What.KWH]
    if not energy:
        return
    sums = {flow: [Decimal(0)] * segment.period.days for flow in (Flow.DELIVERED, Flow.RECEIVED)}
    estimated, missing = (np.zeros(segment.period.days, dtype=np.bool_) for _ in range(2))
    for part in energy:
        read = _read(segment, part)
        block, mine = blocks[read], told[read]
        row = int(np.searchsorted(block.channels, part.channel.pk))
        counts = counted(part, block.calendar)
        if not counts.all():
            row, mine = 0, _told_by_day(row_of(block, part), counts)
        if part.flow in sums:
            into = sums[part.flow]
            for i, count in enumerate(mine.measured[row].tolist()):
                into[i] += count * part.thousandths
        estimated |= mine.estimated[row]
        missing |= mine.missing[row]
    both = zip(sums[Flow.DELIVERED], sums[Flow.RECEIVED], estimated.tolist(), missing.tolist(), strict=True)
    for day, (delivered, received, guessed, gone) in zip(segment.period, both, strict=True):
        yield DayUse(day, delivered, received, estimated=guessed, missing=gone)


def row_of(block: Block, part: Stretch) -> Block:
    """The stretch's channel alone: what is asked of it costs nothing for the others that the block holds."""
    at = int(np.searchsorted(block.channels, part.channel.pk))
    return block.take(slice(at, at + 1))


def _reads(segments: Sequence[Segment]) -> dict[int, RegisterRead]:
    wanted = {pk for segment in segments for pk in _usage(segment).get("reads", ())}
    return RegisterRead.objects.in_bulk(wanted)


def _registers(parts: Iterable[Stretch], reads: Sequence[RegisterRead]) -> Iterable[RegisterUse]:
    """What each register showed at the ends of its stretch: of the kept reads, those nearest to them."""
    zone = utility_zone()
    for part in parts:
        mine = [read for read in reads if read.channel_id == part.channel.pk]
        if not part.channel.is_register or not mine:
            continue
        assert part.span.end is not None
        first, last = _nearest(mine, part.span.start), _nearest(mine, part.span.end)
        demand = Channel.Quantity(part.channel.quantity) is Channel.Quantity.DEMAND
        yield _register(part, None if demand else first, last, zone)


def _register(part: Stretch, first: RegisterRead | None, last: RegisterRead, zone: ZoneInfo) -> RegisterUse:
    assert part.channel.dials is not None
    counted_up = last.count if first is None else (last.count - first.count) % 10**part.channel.dials
    return RegisterUse(
        meter=part.channel.meter.badge,
        register=part.channel.name,
        from_on=None if first is None else _on(first, zone),
        from_count=None if first is None else first.count,
        to_on=_on(last, zone),
        to_count=last.count,
        factor=abs(part.factor),
        used=counted_up * part.thousandths,
        unit=str(part.what),
        estimated=last.estimated or (first is not None and first.estimated),
    )


def _nearest(reads: Sequence[RegisterRead], instant: datetime) -> RegisterRead:
    return min(reads, key=lambda read: abs(read.at - instant))


def _on(read: RegisterRead, zone: ZoneInfo) -> date:
    return read.at.astimezone(zone).date()
