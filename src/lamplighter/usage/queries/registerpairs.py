"""Neighbouring register reads beside interval channels: what went through between them, in all and by time of use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
from django.db.models import Q

from lamplighter.intervals.registers import unit_in
from lamplighter.kernel.energy import ESTIMATED, Quality
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import multipliers
from lamplighter.rating.hours import Clock
from lamplighter.usage.intake.surroundings import NO_PAIRS, Pairs, Timed
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.hours import Hours, hours_at
from lamplighter.usage.store import utility_zone

Counts = tuple[int, str, str, str]
"""What a channel counts: its meter, quantity, flow and unit."""

Pair = tuple[int, int, int, int, int]
INEXACT = (*ESTIMATED, Quality.QUESTIONABLE, Quality.MISSING)
Placed = Mapping[int, Sequence[tuple[int, Span]]]
"""Where each channel counted, and when."""


def register_pairs(channels: Sequence[Channel], *, placed: Placed, period: Period) -> tuple[Pairs, tuple[Timed, ...]]:
    """Neighbouring exact reads of the registers that count the same as these interval channels, with their factors.

    Where a meter has no total register but registers by time of use, these together: between instants at which all of
    them were read. And each of those alone, where the rate at the meter's point says in which hours it counts.
    """
    beside = registers_beside(channels)
    of = {one.pk: (one, channel) for channel, mine in beside.items() for one in mine.values()}
    if not of:
        return NO_PAIRS, ()
    factors = multipliers([*of, *(channel.pk for channel in beside)], period=period)
    reads = _reads(of, period)
    rows = [
        row
        for channel, mine in beside.items()
        for row in _together([
            list(_pairs(one, channel, read, factors)) for one, read in _at_the_same(_counting(mine), reads)
        ])
    ]  # fmt: skip
    return _columns(rows), _timed(beside, reads, factors, placed, period)


def _timed(
    beside: Mapping[Channel, Mapping[str, Channel]],
    reads: Mapping[int, Sequence[RegisterRead]],
    factors: Mapping[int, Sequence[tuple[Period, Decimal]]],
    placed: Placed,
    period: Period,
) -> tuple[Timed, ...]:
    """Pairs of registers by time of use, all of which were read at the same instants, by clock and period of it."""
    several = {channel: mine for channel, mine in beside.items() if set(mine) - {""}}
    if not several:
        return ()
    hours = hours_at({point for channel in several for point, _ in placed[channel.pk]}, period=period)
    found: dict[tuple[Clock, str], list[Pair]] = {}
    for channel, mine in several.items():
        registers = [one for name, one in mine.items() if name]
        for one, read in _at_the_same(registers, reads):
            for pair in _pairs(one, channel, read, factors):
                clock = _clock(channel, pair, placed[channel.pk], hours)
                if clock is not None and set(clock.names) == {each.tou for each in registers}:
                    found.setdefault((clock, one.tou), []).append(pair)
    return tuple(Timed(clock, name, _columns(rows)) for (clock, name), rows in found.items())


def _clock(channel: Channel, pair: Pair, places: Sequence[tuple[int, Span]], hours: Hours) -> Clock | None:
    """The one clock that held at the meter's point between two reads, if intervals of the channel fit into it."""
    zone, (start, end) = utility_zone(), pair[1:3]
    points = {point for point, span in places if _holds(span, start, end)}
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (start, end - 1))
    if len(points) != 1 or channel.interval is None:
        return None
    return hours.clock(points.pop(), Period(first, last + timedelta(days=1)), seconds=channel.interval)


def _holds(span: Span, start: int, end: int) -> bool:
    return span.start.timestamp() <= start and (span.end is None or end <= span.end.timestamp())


def _columns(rows: Sequence[Pair]) -> Pairs:
    return Pairs(*np.array(rows, dtype=np.int64).reshape(-1, 5).T) if rows else NO_PAIRS


def registers_beside(channels: Sequence[Channel]) -> dict[Channel, dict[str, Channel]]:
    """By interval channel the registers of its meter that count the same, by their time of use."""
    registers: dict[Counts, dict[str, Channel]] = {}
    rows = Channel.objects.filter(meter__in={channel.meter_id for channel in channels}, dials__isnull=False)
    for row in rows:
        registers.setdefault(_counts_what(row), {})[row.tou] = row
    return {channel: mine for channel in channels if (mine := registers.get(_counts_what(channel)))}


def _counting(registers: Mapping[str, Channel]) -> list[Channel]:
    """The total register; without one, those of all times of use."""
    return [registers[""]] if "" in registers else list(registers.values())


def _reads(of: Collection[int], period: Period) -> dict[int, list[RegisterRead]]:
    span = span_of(period, utility_zone())
    rows = RegisterRead.objects.filter(
        ~Q(quality__in=[int(quality) for quality in INEXACT]), channel__in=of, superseded_by__isnull=True,
        at__gte=span.start, at__lte=span.end,
    ).order_by("channel", "at", "id")  # fmt: skip
    found: dict[int, list[RegisterRead]] = {}
    for row in rows:
        mine = found.setdefault(row.channel_id, [])
        if not mine or mine[-1].at != row.at:
            mine.append(row)
    return found


def _counts_what(channel: Channel) -> Counts:
    return channel.meter_id, channel.quantity, channel.flow, channel.unit


def _at_the_same(
    registers: Sequence[Channel], reads: Mapping[int, Sequence[RegisterRead]]
) -> list[tuple[Channel, list[RegisterRead]]]:
    """The reads of each register at the instants at which all were read."""
    instants = [{row.at for row in reads.get(one.pk, ())} for one in registers]
    shared = set.intersection(*instants)
    return [(one, [row for row in reads.get(one.pk, ()) if row.at in shared]) for one in registers]


def _together(several: Sequence[Sequence[Pair]]) -> Iterator[Pair]:
    """The pairs of registers that count one thing in turn, added up; none where one of them tells nothing."""
    for same in zip(*several, strict=False) if len({len(one) for one in several}) == 1 else ():
        channel, start, end = same[0][:3]
        yield channel, start, end, sum(pair[3] for pair in same), sum(pair[4] for pair in same)


def _pairs(
    register: Channel,
    channel: Channel,
    reads: Sequence[RegisterRead],
    factors: Mapping[int, Sequence[tuple[Period, Decimal]]],
) -> Iterator[Pair]:
    """Rows of Pairs. Where one register unit is no whole number of the channel's counts, nothing can be checked."""
    assert register.dials is not None
    for first, last in pairwise(reads):
        day = first.at.astimezone(utility_zone()).date()
        mine, its = _factor(factors[register.pk], day), _factor(factors[channel.pk], day)
        if mine is None or its is None:
            continue
        try:
            unit = unit_in(channel.measure, register=register.measure, multiplier=mine / its)
        except ValueError:
            continue
        counted = (last.count - first.count) % 10**register.dials  # a register that turned over starts at 0
        yield channel.pk, int(first.at.timestamp()), int(last.at.timestamp()), counted * unit, unit


def _factor(rows: Sequence[tuple[Period, Decimal]], day: date) -> Decimal | None:
    return next((factor for period, factor in rows if day in period), None)
