"""Meters with several interval channels: what each brought on some days, held against the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from django.db.models import Count, Q

from lamplighter.intervals.block import Block
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.intervals.vee.siblings import Family, Floats, Odd, Side, odd_ones
from lamplighter.kernel.energy import Commodity, Flow
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Meter
from lamplighter.metering.queries import multipliers
from lamplighter.usage.intake.laying import setup_of, span_of_slots
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.surroundings import Party
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.surroundings import surroundings
from lamplighter.usage.queries.weighing import read
from lamplighter.usage.store import utility_zone

Factors = dict[int, list[tuple[Period, Decimal]]]
SIDES = {
    (Channel.Quantity.ENERGY, Flow.DELIVERED): Side.DELIVERED,
    (Channel.Quantity.ENERGY, Flow.RECEIVED): Side.RECEIVED,
    (Channel.Quantity.REACTIVE, Flow.DELIVERED): Side.REACTIVE,
    (Channel.Quantity.APPARENT, Flow.DELIVERED): Side.APPARENT,
}
PROPOSALS = {"siblings.missing": Proposal.REVIEW}


@dataclass(slots=True)
class Compared:
    """What was noticed, of the channels that were looked at, and whose they are."""

    noticed: list[Noticed] = field(default_factory=list)
    channels: set[int] = field(default_factory=set)
    parties: dict[int, Party] = field(default_factory=dict)


def with_siblings(*, period: Period) -> list[int]:
    """Meters that stood somewhere in a period and have several interval channels."""
    span = span_of(period, utility_zone())
    several = Count("channels", filter=Q(channels__interval__isnull=False), distinct=True)
    rows = Meter.objects.filter(commodity=Commodity.ELECTRICITY, installations__span__overlap=span)
    return list(rows.annotate(several=several).filter(several__gt=1).order_by("pk").values_list("pk", flat=True))


def compared(meters: Sequence[int], *, period: Period) -> Compared:
    """The channels of each of these meters against each other; queries and reads do not grow with the meters."""
    rows = Channel.objects.filter(meter__in=meters, interval__isnull=False).select_related("meter").order_by("pk")
    mine = [row for row in rows if _side(row) is not None]
    found = Compared(channels={row.pk for row in mine})
    read_, factors, now = (
        dict[int, tuple[SlotCalendar, Floats]](),
        multipliers(found.channels, period=period),
        published(),
    )
    by_setup: dict[object, list[Channel]] = {}
    for row in mine:
        by_setup.setdefault(setup_of(row), []).append(row)
    for several in by_setup.values():
        setup = setup_of(several[0])
        around = surroundings(several, setup=setup, period=period)
        block = read(np.array([one.pk for one in several], dtype=np.int64), period, setup=setup, published=now)
        shown = block.present & around.is_served(block)
        for at, one in enumerate(several):
            read_[one.pk] = block.calendar, np.where(shown[at], _kilo(one, block, at, factors), np.nan)
        found.parties |= around.parties
    for family, channels in _families(mine, read_):
        found.noticed += [_noticed(odd, channels[odd.side], family.calendar) for odd in odd_ones(family)]
    return found


def _side(channel: Channel) -> Side | None:
    return SIDES.get((Channel.Quantity(channel.quantity), Flow(channel.flow)))


def _kilo(channel: Channel, block: Block, row: int, factors: Factors) -> Floats:
    """kWh, kVARh or kVAh of each slot; NaN where no multiplier is known."""
    calendar = block.calendar
    scale = np.full(calendar.slots, np.nan)
    for days, factor in factors[channel.pk]:
        scale[calendar.slots_within(days)] = float(factor.scaleb(channel.power - 3))
    kilo: Floats = block.values[row] * scale
    return kilo


def _families(
    channels: Sequence[Channel], read_: dict[int, tuple[SlotCalendar, Floats]]
) -> Iterator[tuple[Family, dict[Side, Channel]]]:
    """By meter and interval length; where two channels measure the same, only the first counts."""
    several: dict[tuple[int, int], dict[Side, Channel]] = {}
    for one in channels:
        side = _side(one)
        assert side is not None
        assert one.interval is not None
        several.setdefault((one.meter_id, one.interval), {}).setdefault(side, one)
    for sides in several.values():
        if len(sides) > 1:
            calendar = read_[next(iter(sides.values())).pk][0]
            steps = {side: 10.0 ** (one.power - 3) for side, one in sides.items()}
            yield Family(calendar, {side: read_[one.pk][1] for side, one in sides.items()}, steps), sides


def _noticed(odd: Odd, channel: Channel, calendar: SlotCalendar) -> Noticed:
    day = int(calendar.day_of[odd.first])
    found = IntervalFinding(
        rule=odd.rule, channel=channel.pk, day=calendar.day(day), slot=odd.first - int(calendar.firsts[day]),
        slots=odd.end - odd.first, severity=Severity.WARNING, message=odd.words,
        measured=_counts(odd.measured, odd, channel), threshold=_counts(odd.threshold, odd, channel),
        proposal=PROPOSALS.get(odd.rule, Proposal.CORRECT_SETUP),
    )  # fmt: skip
    return Noticed(found, span_of_slots(found, calendar.seconds, utility_zone()))


def _counts(value: float | None, odd: Odd, channel: Channel) -> int | None:
    if value is None or odd.rule == "siblings.missing":
        return None if value is None else int(value)
    return round(value * 10.0 ** (3 - channel.power))
