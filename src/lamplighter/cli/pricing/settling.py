"""Readings that contradict each other, settled as the interval store settles them, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.cli.pricing.refused import refused
from lamplighter.formats.meterdata import Channel
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.intervals.estimation.estimating import Estimate, estimate
from lamplighter.intervals.estimation.gaps import Method, Policy
from lamplighter.intervals.faults import findings_of
from lamplighter.intervals.filling import dense
from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import day_at, slot_calendar
from lamplighter.kernel.findings import Finding, Place, Severity
from lamplighter.kernel.periods import Period

ONLY = 1  # a channel's number in arrays of one
SHORT = Policy()


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A channel without contradictions, and what became of those that it had."""

    channel: Channel
    findings: tuple[Finding, ...]


def settled(channel: Channel, zone: ZoneInfo, name: str) -> Settled:
    """A reading of several intervals is split; of two that claim the same time neither is taken; a gap of up to two
    hours is a line between its neighbours, marked as estimated; a longer one stays a gap.

    Energy only: a reading is split by its amount. Raises Refused where no reading fits the clock.
    """
    readings = readings_of(
        ONLY, starts=channel.starts, counts=channel.counts, seconds=channel.seconds, quality=channel.quality
    )
    gridded = grid(readings, seconds=channel.nominal_seconds, zone=zone)
    if not len(gridded.days):
        raise refused("load", f"{name} has no reading that begins and ends with an interval of the clock.")
    block = dense(gridded.days, slot_calendar(_days(gridded.days), seconds=gridded.days.seconds, zone=zone))
    filled = estimate(block, policy=SHORT)
    short = _short(block, filled)
    kept = np.flatnonzero(block.present[0] | short)
    clean = replace(
        channel,
        starts=block.calendar.starts[kept],
        seconds=np.full(len(kept), block.calendar.seconds, dtype=np.int64),
        counts=filled.block.values[0, kept].astype(np.int64),
        quality=filled.block.quality[0, kept],
        lines=None,
        cost=None,
    )
    told = [
        Finding(one.rule, one.message, Severity.WARNING, Place(name))
        for one in findings_of(readings, gridded, zone=zone)
    ]
    return Settled(clean, (*told, *_estimated(block, short, name)))


def _days(days: ChannelDays) -> Period:
    return Period(day_at(int(days.days.min())), day_at(int(days.days.max())) + timedelta(days=1))


def _short(block: Block, filled: Estimate) -> Bool:
    """The slots of gaps that a line may cross."""
    short: Bool = np.zeros(block.calendar.slots, dtype=np.bool_)
    for gap in filled.gaps:
        if gap.method is Method.LINEAR and gap.slots * block.calendar.seconds <= SHORT.linear_seconds:
            first = block.calendar.slots_of(gap.day).start + gap.slot
            short[first : first + gap.slots] = True
    return short


def _estimated(block: Block, short: Bool, name: str) -> Iterator[Finding]:
    count = int(np.count_nonzero(short))
    if count:
        first = block.calendar.clock(int(np.flatnonzero(short)[0]))
        message = f"Intervals estimated by a line between their neighbours: {count}, the first at {first}."
        yield Finding("price.estimated", message, Severity.WARNING, Place(name))
