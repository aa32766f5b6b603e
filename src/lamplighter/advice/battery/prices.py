"""The prices of a rate as a solver sees them, asked of the one engine: what one more kWh or kW would cost on each bill.

Whatever a rate is made of - tiers, riders, taxes in percent - each determinant that a bill asks for is given a little
more, and the bill is priced again; the difference is its price. Ratchets are read from the tariff. What no straight
line can tell (a bank of credits, tiers in order of time) is left out here and counts in the bills that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.measuring import CurveMeter
from lamplighter.intervals.curves.pricing import YearPricer
from lamplighter.intervals.scopes import slots_of
from lamplighter.kernel.energy import Flow
from lamplighter.rating.bill import BillInput
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.price import asks, gathered, laid_out, price
from lamplighter.rating.quantities import Demand, Ratchet
from lamplighter.rating.reach import quantities_in
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """A demand that a bill charges: the highest mean over windows of `width` slots in `mask` (S).

    The bill charges `price` for each kW above `floor`. `after` are earlier peaks, by their number, with the share of
    them below which this one is not billed.
    """

    bill: int
    mask: Bool
    width: int
    price: float
    floor: float
    after: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Dollars for each kWh taken from the grid (`taken`, S) and got for each sent into it (`sent`, S); and peaks."""

    taken: Floats
    sent: Floats
    peaks: tuple[Peak, ...]


def prices_of(pricer: YearPricer, curve: LoadCurve) -> Prices:
    """Raises CannotPrice or CannotMeasure where the bills themselves can't be priced."""
    taken, sent = np.zeros(curve.calendar.slots), np.zeros(curve.calendar.slots)
    meter = CurveMeter(curve)
    found: list[tuple[Determinant, Peak]] = []
    for at, days in enumerate(pricer.bills):
        bill = BillInput(days.period, days.facts, cycle=days.month, kind=days.kind, since=date.max)
        probe = _Probe(pricer.versions[at], bill, meter)
        for ask in probe.asked:
            own = ask.determinant
            if own.what is What.KWH and own.band is None and not own.netting:
                slope = probe.slope(ask, meter(ask))
                mask = slots_of(curve.calendar, ask)
                if own.flow in (Flow.DELIVERED, Flow.NET):
                    taken[mask] += slope
                if own.flow in (Flow.RECEIVED, Flow.NET):
                    sent[mask] += -slope if own.flow is Flow.RECEIVED else slope
            elif own.what is What.KW and own.flow in (Flow.DELIVERED, Flow.NET) and not own.daily:
                peak = _peak(probe, ask, curve, at, meter)
                if peak.price > 0:
                    found.append((own, peak))
    return Prices(taken, sent, tuple(_looking_back(pricer, found)))


class _Probe:
    """One bill, priced again and again with other quantities; no earlier peak holds it up."""

    def __init__(self, versions: Sequence[Tariff], bill: BillInput, meter: CurveMeter) -> None:
        self.versions, self.bill = versions, bill
        self.layout = laid_out(versions, bill)
        self.asked = asks(versions, bill, layout=self.layout)
        self.quantities = gathered(versions, bill, meter.all, layout=self.layout, first=self.asked)

    def cost(self, ask: Ask, value: Decimal) -> Decimal:
        return price(self.versions, self.bill, {**self.quantities, ask: value}, layout=self.layout).exact

    def slope(self, ask: Ask, value: Decimal) -> float:
        """Dollars for each more; the step is large enough that cents rounded on a line do not tell."""
        step = max(abs(value) / 100, Decimal(10))
        try:
            return float((self.cost(ask, value + step) - self.cost(ask, value)) / step)
        except CannotPrice:
            return 0.0


def _peak(probe: _Probe, ask: Ask, curve: LoadCurve, at: int, meter: CurveMeter) -> Peak:
    """Its price above every threshold of the line, and the kW below which it does not matter."""
    high = 2 * meter(ask) + 1000
    slope = probe.slope(ask, high)
    floor = 0.0
    if slope > 0:
        try:
            floor = float(high) - float(probe.cost(ask, high) - probe.cost(ask, Decimal(0))) / slope
        except CannotPrice:
            floor = 0.0
    window = ask.determinant.window
    assert window is not None
    width = max(window.minutes * 60 // curve.calendar.seconds, 1)
    return Peak(at, slots_of(curve.calendar, ask), width, slope, max(floor, 0.0))


def _looking_back(pricer: YearPricer, found: list[tuple[Determinant, Peak]]) -> Iterator[Peak]:
    """Each peak with the earlier ones that a ratchet of its tariff looks back at."""
    for own, peak in found:
        share = {
            number: held
            for ratchet in _ratchets(pricer, peak.bill, own)
            for number, (other, earlier) in enumerate(found)
            if _alike(other, ratchet.of or own) and (held := _held(pricer, ratchet, peak.bill, earlier.bill))
        }
        yield replace(peak, after=tuple(share.items()))


def _ratchets(pricer: YearPricer, bill: int, own: Determinant) -> Iterator[Ratchet]:
    for line in pricer.versions[bill][-1].lines:
        for quantity in quantities_in(line):
            if not isinstance(quantity, Demand) or quantity.window != own.window:
                continue
            if quantity.what is own.what and quantity.flow is own.flow:
                yield from (rule for rule in quantity.rules if isinstance(rule, Ratchet))


def _held(pricer: YearPricer, ratchet: Ratchet, bill: int, earlier: int) -> float:
    """The share of an earlier bill's peak below which a bill's is not charged; nothing where it is not looked at."""
    back = _month(pricer, bill) - _month(pricer, earlier)
    looked_at = 0 < back <= ratchet.back
    of_month = not ratchet.months or pricer.bills[earlier].month.month in ratchet.months
    return float(ratchet.percent) if looked_at and of_month else 0.0


def _month(pricer: YearPricer, bill: int) -> int:
    month = pricer.bills[bill].month
    return month.year * 12 + month.month


def _alike(one: Determinant, other: Determinant) -> bool:
    return (one.what, one.flow, one.window, one.periods) == (other.what, other.flow, other.window, other.periods)
