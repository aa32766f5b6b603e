"""Measure agreements whose meters show registers: opt-outs, failed networks, conversion, demand dials.

A scheduled read stands for the midnight that begins its day: service days are billed from read day to read day.
Between reads, use is taken to be even: a price that changes inside the bill is charged by days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.exact import NOTHING, Fraction, decimal
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.queries.channels import Stretch, nearly
from lamplighter.usage.store import utility_zone


@dataclass(frozen=True, slots=True)
class Used:
    """What a register counted over a stretch, in kWh, kVArh or kW, and the reads that say so."""

    value: Fraction
    days: Period
    estimated: bool
    reads: tuple[int, ...]


class MissingRead(Exception):
    """A read that is needed was not taken; the message names the meter and the day."""


def reads_of(channels: Sequence[int], *, period: Period) -> dict[int, list[RegisterRead]]:
    """Standing reads of these channels from two days before to two days after the period, by time; one query."""
    zone = utility_zone()
    found: dict[int, list[RegisterRead]] = {channel: [] for channel in channels}
    rows = RegisterRead.objects.filter(
        Q(superseded_by__isnull=True),
        channel__in=channels,
        at__gte=midnight(date.fromordinal(period.start.toordinal() - 2), zone),
        at__lt=midnight(date.fromordinal(period.closed_end.toordinal() + 2), zone),
    ).order_by("at", "id")
    for row in rows:
        found[row.channel_id].append(row)
    return found


def measure_registers(
    wanted: Wanted, stretches: Sequence[Stretch], reads: Mapping[int, Sequence[RegisterRead]]
) -> Measured:
    """Measure one agreement from reads at both ends of each stretch."""
    try:
        used: dict[tuple[What, Flow, str], list[Used]] = {}
        for stretch in stretches:
            if stretch.channel.is_register:
                key = (stretch.what, stretch.flow, stretch.channel.tou)
                used.setdefault(key, []).append(_used(stretch, reads, wanted.period))
        values = {ask: _value(ask, used) for ask in wanted.asks}
    except MissingRead as missing:
        finding = Finding(
            "usage.missing-read", str(missing), remedy="Enter the read, or estimate it from the estimate date on."
        )
        return Measured(findings=(finding,), method="registers")
    every = [one for several in used.values() for one in several]
    guessed = sum((one.value for one in used.get((What.KWH, Flow.DELIVERED, ""), []) if one.estimated), NOTHING)
    keys = tuple(sorted({read for one in every for read in one.reads}))
    return Measured(values, (), decimal(guessed), 0, keys, "registers")


def _used(stretch: Stretch, reads: Mapping[int, Sequence[RegisterRead]], period: Period) -> Used:
    assert stretch.span.end is not None
    zone = utility_zone()
    mine = reads.get(stretch.channel.pk, ())
    last = _nearest(stretch, mine, stretch.span.end)
    days = Period(
        max(period.start, stretch.span.start.astimezone(zone).date()),
        min(period.closed_end, stretch.span.end.astimezone(zone).date()),
    )
    unit = Fraction(stretch.thousandths)
    if Channel.Quantity(stretch.channel.quantity) is Channel.Quantity.DEMAND:
        return Used(last.count * unit, days, last.estimated, (last.pk,))
    first = _nearest(stretch, mine, stretch.span.start)
    assert stretch.channel.dials is not None
    counted = (last.count - first.count) % 10**stretch.channel.dials  # a register that has turned over starts at 0
    return Used(counted * unit, days, first.estimated or last.estimated, (first.pk, last.pk))


def _nearest(stretch: Stretch, reads: Sequence[RegisterRead], instant: object) -> RegisterRead:
    close = [read for read in reads if nearly(read.at, instant)]  # type: ignore[arg-type]
    if not close:
        raise MissingRead(
            f"Meter {stretch.channel.meter.badge} ({stretch.channel.name}) has no read on {instant:%b %-d, %Y}."
        )
    # The best of several: a real one before an estimate, then the nearest, then the newest.
    return min(close, key=lambda read: (read.estimated, abs(read.at - instant), -read.pk))  # type: ignore[operator]


def _value(ask: Ask, used: Mapping[tuple[What, Flow, str], Sequence[Used]]) -> Decimal:
    asked = ask.determinant
    if asked.band is not None or asked.netting or asked.daily or asked.what is What.POWER_FACTOR:
        raise MissingRead(f"Registers cannot tell {asked.key}: interval data is needed.")
    registers = _registers(asked, used)
    if asked.what.is_demand:
        return max(decimal(one.value) for several in registers for one in several)
    return decimal(sum((_share(one, ask) for several in registers for one in several), NOTHING))


def _registers(asked: Determinant, used: Mapping[tuple[What, Flow, str], Sequence[Used]]) -> list[Sequence[Used]]:
    """The registers that answer: the total one, or those of the TOU periods asked for."""
    if asked.flow is Flow.RECEIVED and not any(flow is Flow.RECEIVED for _, flow, _ in used):
        return []
    names = asked.periods if asked.clock is not None else ("",)
    found = [used[asked.what, asked.flow, name] for name in names if (asked.what, asked.flow, name) in used]
    if len(found) != len(names):
        raise MissingRead(f"No register measures {asked.key}.")
    return found


def _share(one: Used, ask: Ask) -> Fraction:
    """Even use: the days shared, and in the season asked for, over the days read."""
    if one.days.days == 0:  # an exchange within a day
        return one.value
    shared = one.days & ask.period
    season = ask.determinant.season
    if shared is None:
        return NOTHING
    days = shared.days if season is None else sum(day in season for day in shared)
    return one.value * days / one.days.days
