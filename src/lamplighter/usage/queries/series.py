"""Use over time for a page or a file: by interval or by local day, with quality, as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import MISSING, estimated
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import What
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.queries.channels import Stretch, stretches
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone


@dataclass(frozen=True, slots=True)
class Use:
    """kWh of one stretch of time; None where nothing was read."""

    delivered: Decimal | None
    received: Decimal | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class DayUse:
    day: date
    use: Use


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Intervals of a period: `starts` epoch seconds (n); kWh delivered and received (n, NaN where missing), for
    drawing only; `estimated` (n). `seconds` is the interval; no interval meter: empty."""

    seconds: int
    starts: NDArray[np.int64]
    delivered: NDArray[np.float64]
    received: NDArray[np.float64]
    estimated: NDArray[np.bool_]


NOTHING = Intervals(0, np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0, np.bool_))


def days(points: Sequence[PointUse], *, period: Period) -> list[DayUse]:
    """Every local day of a period, all channels of these points added up on the days that they count for; exact."""
    return days_of_each([points], period=period)[0]


def days_of_each(several: Sequence[Sequence[PointUse]], *, period: Period) -> list[list[DayUse]]:
    """The same for each of several places by itself; as many queries as for one."""
    return [_days(blocks, period) for blocks in _blocks_of_each(several, period)]


def _days(blocks: Iterable[tuple[Stretch, Block]], period: Period) -> list[DayUse]:
    totals: dict[Flow, list[Decimal | None]] = {}
    guessed: NDArray[np.bool_] = np.zeros(period.days, dtype=np.bool_)
    for part, block in blocks:
        sums = block.day_totals() if block.quality.size else np.zeros((1, period.days), dtype=np.int64)
        gaps = np.add.reduceat(block.quality[0] == MISSING, block.calendar.firsts[:-1], dtype=np.int64)
        widths = np.diff(block.calendar.firsts)
        guessed |= np.add.reduceat(estimated(block.quality[0]), block.calendar.firsts[:-1], dtype=np.int64) > 0
        mine = totals.setdefault(part.flow, [None] * period.days)
        for index in range(period.days):
            if gaps[index] < widths[index]:
                mine[index] = (mine[index] or Decimal(0)) + int(sums[0, index]) * part.thousandths
    nothing: list[Decimal | None] = [None] * period.days
    sent, back = totals.get(Flow.DELIVERED, nothing), totals.get(Flow.RECEIVED, nothing)
    return [DayUse(day, Use(sent[i], back[i], bool(guessed[i]))) for i, day in enumerate(period)]


def intervals(points: Sequence[PointUse], *, period: Period) -> Intervals:
    """Every interval of a period, of the finest interval length that stood at these points; NaN on days of others."""
    (blocks,) = _blocks_of_each([points], period)
    parts = list(blocks)
    if not parts:
        return NOTHING
    seconds = min(part.channel.interval or 0 for part, _ in parts)
    calendar = slot_calendar(period, seconds=seconds, zone=utility_zone())
    sums = {flow: np.full(calendar.slots, np.nan) for flow in (Flow.DELIVERED, Flow.RECEIVED)}
    guessed: NDArray[np.bool_] = np.zeros(calendar.slots, dtype=np.bool_)
    for part, block in parts:
        if part.channel.interval != seconds or part.flow not in sums:
            continue
        present = block.quality[0] != MISSING
        values = np.where(present, block.values[0] * float(part.thousandths), np.nan)
        into = sums[part.flow]
        sums[part.flow] = np.where(np.isnan(into), values, np.where(present, into + values, into))
        guessed |= estimated(block.quality[0])
    return Intervals(seconds, calendar.starts, sums[Flow.DELIVERED], sums[Flow.RECEIVED], guessed)


def _blocks_of_each(
    several: Sequence[Sequence[PointUse]], period: Period
) -> list[Iterable[tuple[Stretch, Block]]]:  # fmt: skip
    """The energy channels that counted for each of several places, with their readings cut to their own days."""
    found = stretches([Wanted("series", tuple(points), period, ()) for points in several])
    now = published() if any(found) else None
    return [_blocks(parts, now, period) for parts in found]


def _blocks(parts: Sequence[Stretch], now: Published | None, period: Period) -> Iterator[tuple[Stretch, Block]]:
    for part in parts:
        if part.channel.is_register or part.what is not What.KWH:
            continue
        assert now is not None
        assert part.channel.interval is not None
        calendar = slot_calendar(period, seconds=part.channel.interval, zone=utility_zone())
        block = interval_store().read(np.array([part.channel.pk], dtype=np.int64), calendar, published=now)
        outside = calendar.starts < part.span.start.timestamp()
        if part.span.end is not None:
            outside |= calendar.starts >= part.span.end.timestamp()
        block.quality[0, outside] = Quality.MISSING
        yield part, block
