"""What is known beside the readings of many channels: meters' places, agreements, switches, outages, register reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise

import numpy as np
from django.db.models import Q

from lamplighter.accounts.models import AgreementPoint
from lamplighter.intervals.registers import unit_in
from lamplighter.kernel.energy import ESTIMATED, Quality
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, SwitchState
from lamplighter.metering.queries import multipliers
from lamplighter.usage.intake.laying import Setup
from lamplighter.usage.intake.surroundings import NO_PAIRS, Pairs, Party, Surroundings, spans_of
from lamplighter.usage.models import Outage, RegisterRead
from lamplighter.usage.queries.profiles import class_profile
from lamplighter.usage.queries.rulegroups import groups_on
from lamplighter.usage.queries.scoring import chosen_for
from lamplighter.usage.queries.weather import known_temperatures
from lamplighter.usage.store import utility_zone

Counts = tuple[int, str, str, str]
"""What a channel counts: its meter, quantity, flow and unit."""

Pair = tuple[int, int, int, int, int]
INEXACT = (*ESTIMATED, Quality.QUESTIONABLE, Quality.MISSING)


def surroundings(channels: Sequence[Channel], *, setup: Setup, period: Period) -> Surroundings:
    """Everything about channels of one setup (with their meters) in a period; nine queries however many they are."""
    zone = utility_zone()
    span = span_of(period, zone)
    assert span.end is not None
    placed = _places(channels, span)
    points = {point for several in placed.values() for point, _ in several}
    agreements = _agreements(points, period)
    off = SwitchState.objects.filter(point__in=points, span__overlap=span, state=SwitchState.State.OFF)
    out = Outage.objects.filter(point__in=points, span__overlap=span)
    until, chosen = int(span.end.timestamp()), chosen_for([channel.pk for channel in channels])
    by_weather = any(choice.proxy for several in chosen.values() for _, choice in several)
    served = [
        (channel, shared)
        for channel, several in placed.items()
        for point, place in several
        for use in agreements.get(point, ())
        if (shared := _shared(place, span_of(use.period, zone))) is not None
    ]
    return Surroundings(
        setup=setup,
        served=spans_of(_joined(served), until=until),
        off=spans_of(list(_at_points(placed, [(row.point_id, row.span) for row in off])), until=until),
        outages=spans_of(list(_at_points(placed, [(row.point_id, row.span) for row in out])), until=until),
        pairs=register_pairs(channels, period=period),
        parties={channel.pk: _party(channel, placed, agreements) for channel in channels},
        groups=groups_on(period.last_day),
        chosen=chosen,
        degrees=known_temperatures(period) if by_weather else {},
        profile=partial(class_profile, setup=setup, besides=[channel.pk for channel in channels]),
    )


def parties_of(channels: Sequence[Channel], *, period: Period) -> dict[int, Party]:
    """Whose use these channels (with their meters) measured in a period; two queries."""
    return standing_of(channels, period=period).parties


@dataclass(frozen=True, slots=True)
class Standing:
    """Where channels counted and when, the days on which points were served, and whose use it was."""

    places: Mapping[int, Sequence[tuple[int, Span]]]
    served: Mapping[int, Sequence[Period]]
    parties: dict[int, Party]


def standing_of(channels: Sequence[Channel], *, period: Period) -> Standing:
    """Of these channels (with their meters) in a period; two queries."""
    placed = _places(channels, span_of(period, utility_zone()))
    agreements = _agreements({point for several in placed.values() for point, _ in several}, period)
    served = {point: [use.period for use in uses] for point, uses in agreements.items()}
    return Standing(placed, served, {channel.pk: _party(channel, placed, agreements) for channel in channels})


def register_pairs(channels: Sequence[Channel], *, period: Period) -> Pairs:
    """Neighbouring exact reads of the registers that count the same as these interval channels, with their factors.

    Where a meter has no total register but registers by time of use, these together: between instants at which all of
    them were read."""
    meters = {channel.meter_id for channel in channels}
    registers: dict[Counts, dict[str, Channel]] = {}
    for row in Channel.objects.filter(meter__in=meters, dials__isnull=False):
        registers.setdefault(_counts_what(row), {})[row.tou] = row
    of = {
        register.pk: (register, channel)
        for channel in channels
        for register in _counting(registers.get(_counts_what(channel), {}))
    }
    if not of:
        return NO_PAIRS
    factors = multipliers([*of, *(channel.pk for _, channel in of.values())], period=period)
    reads = _reads(of, period)
    rows = [
        row
        for channel, several in _by_channel(of).items()
        for row in _together([list(_pairs(one, channel, read, factors)) for one, read in _at_the_same(several, reads)])
    ]
    return Pairs(*np.array(rows, dtype=np.int64).reshape(-1, 5).T) if rows else NO_PAIRS


def _places(channels: Sequence[Channel], span: Span) -> dict[int, list[tuple[int, Span]]]:
    """Where each channel counted, and when."""
    meters = {channel.meter_id for channel in channels}
    standing: dict[int, list[tuple[int, Span]]] = {}
    for row in Installation.objects.filter(meter__in=meters, span__overlap=span).order_by("span"):
        standing.setdefault(row.meter_id, []).append((row.point_id, row.span))
    return {channel.pk: standing.get(channel.meter_id, []) for channel in channels}


def _agreements(points: set[int], period: Period) -> dict[int, list[AgreementPoint]]:
    found: dict[int, list[AgreementPoint]] = {}
    rows = AgreementPoint.objects.filter(
        point__in=points, period__overlap=period, agreement__cancelled_at__isnull=True
    ).select_related("agreement__account")
    for row in rows.order_by("period"):
        found.setdefault(row.point_id, []).append(row)
    return found


def _party(
    channel: Channel, placed: Mapping[int, Sequence[tuple[int, Span]]], agreements: Mapping[int, list[AgreementPoint]]
) -> Party:
    """The last account whose use the channel counted in the period."""
    uses = [use for point, _ in placed[channel.pk] for use in agreements.get(point, ())]
    if not uses:
        return Party(channel.meter.badge, channel.name)
    account = max(uses, key=lambda use: use.period.start).agreement.account
    return Party(channel.meter.badge, channel.name, account.pk, account.customer_class)


def _at_points(
    placed: Mapping[int, Sequence[tuple[int, Span]]], spans: Sequence[tuple[int, Span]]
) -> Iterator[tuple[int, Span]]:
    by_point: dict[int, list[Span]] = {}
    for point, span in spans:
        by_point.setdefault(point, []).append(span)
    for channel, several in placed.items():
        for point, place in several:
            for span in by_point.get(point, ()):
                if (shared := _shared(place, span)) is not None:
                    yield channel, shared


def _shared(one: Span, other: Span) -> Span | None:
    start = max(one.start, other.start)
    ends = [end for end in (one.end, other.end) if end is not None]
    end: datetime | None = min(ends) if ends else None
    return Span(start, end) if end is None or start < end else None


def _joined(rows: list[tuple[int, Span]]) -> list[tuple[int, Span]]:
    """Spans of a channel that meet or overlap as one: a slot over a change of customers is served."""
    found: list[tuple[int, Span]] = []
    for channel, span in sorted(rows, key=lambda row: (row[0], row[1].start)):
        if found and found[-1][0] == channel:
            last = found[-1][1]
            if last.end is None or span.start <= last.end:
                ends = (last.end, span.end)
                found[-1] = (channel, Span(last.start, None if None in ends else max(e for e in ends if e)))
                continue
        found.append((channel, span))
    return found


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


def _counting(registers: Mapping[str, Channel]) -> list[Channel]:
    """The total register; without one, those of all times of use."""
    return [registers[""]] if "" in registers else list(registers.values())


def _by_channel(of: Mapping[int, tuple[Channel, Channel]]) -> dict[Channel, list[Channel]]:
    found: dict[Channel, list[Channel]] = {}
    for register, channel in of.values():
        found.setdefault(channel, []).append(register)
    return found


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
