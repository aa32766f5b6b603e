"""Which channels measured what for an agreement: every stretch of a channel with one sign and one multiplier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from lamplighter.kernel.energy import Commodity, Flow
from lamplighter.kernel.instants import Span, span_of
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import Standing, StandingChannel, multipliers, standings
from lamplighter.rating.determinants import What
from lamplighter.usage.measuring import Wanted
from lamplighter.usage.store import utility_zone

WHAT = {
    Channel.Quantity.ENERGY: What.KWH,
    Channel.Quantity.REACTIVE: What.KVARH,
    Channel.Quantity.APPARENT: What.KVAH,
    Channel.Quantity.DEMAND: What.KW,
}
FLOWS = {flow.value: flow for flow in Flow}


class Stretch(NamedTuple):
    """A channel that counts for an agreement from instant to instant. Counts x `factor` are in 10^`power` units.

    `factor` has the sign (use that is subtracted has a negative one) and, of what is shared, the share.
    """

    channel: StandingChannel
    what: What
    flow: Flow
    span: Span
    factor: Decimal
    whole: bool  # covers all the days that were asked for

    @property
    def thousandths(self) -> Decimal:
        """What one count is in kWh, kVArh or kW."""
        return self.factor.scaleb(self.channel.power - 3)


def stretches(wanted: Sequence[Wanted]) -> list[list[Stretch]]:
    """The stretches of each of `wanted`, in order; three queries for all of them."""
    if not wanted:
        return []
    zone = utility_zone()
    days = Period(min(w.period.start for w in wanted), max(w.period.closed_end for w in wanted))
    points = {use.point for w in wanted for use in w.points}
    standing: dict[int, list[Standing]] = {}
    for found in standings(points, span=span_of(days, zone)):
        standing.setdefault(found.point, []).append(found)
    channels = {s.channel.pk for several in standing.values() for s in several}
    factors = multipliers(channels, period=days)
    spans = {period: span_of(period, zone) for period in {w.period for w in wanted}}
    return [list(_of(w, spans[w.period], standing, factors)) for w in wanted]


def _of(
    wanted: Wanted, whole: Span, standing: dict[int, list[Standing]], factors: dict[int, list[tuple[Period, Decimal]]]
) -> Iterator[Stretch]:
    zone = utility_zone()
    for use in wanted.points:
        inside = use.period & wanted.period
        if inside is None:
            continue
        for found in standing.get(use.point, ()):
            what, flow = _measures(found.channel.meter.commodity, found.channel.quantity), FLOWS[found.channel.flow]
            part = use.part(flow)
            if what is None or not part:
                continue
            for days, factor in factors[found.channel.pk]:
                shared = inside & days
                if shared is None:
                    continue
                span = _cut(found.span, whole if shared == wanted.period else span_of(shared, zone))
                if span is not None:
                    yield Stretch(found.channel, what, flow, span, factor * use.sign * part, whole=span == whole)


@cache
def _measures(commodity: str, quantity: str) -> What | None:
    return WHAT.get(Channel.Quantity(quantity)) if commodity == Commodity.ELECTRICITY else None


def _cut(one: Span, other: Span) -> Span | None:
    if one == other:
        return other
    start = max(one.start, other.start)
    ends: list[datetime] = [end for end in (one.end, other.end) if end is not None]
    end = min(ends)
    return Span(start, end) if start < end else None


def nearly(one: datetime, other: datetime, hours: int = 36) -> bool:
    """A scheduled read may be taken a day early or late."""
    return abs(one - other) <= timedelta(hours=hours)
