"""What can be written but is not priced: refused by name here, so that nothing is ever dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lamplighter.kernel.energy import Flow
from lamplighter.rating.charges import (
    Bands,
    Basis,
    Charge,
    Flat,
    Minimum,
    Per,
    Percent,
    PerUnit,
    Shape,
    Term,
    TierOrder,
    Tiers,
)  # fmt: skip
from lamplighter.rating.checks.counted import counted_faults
from lamplighter.rating.checks.fault import Fault
from lamplighter.rating.checks.periods import without_period
from lamplighter.rating.figures import FactorOf, Figure, Given, Lookup, Sum
from lamplighter.rating.hours import DAY_MINUTES
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.quantities import Demand, Metered, OfAccount, Once, Quantity
from lamplighter.rating.reach import by_period, power_factor_in, quantities_in
from lamplighter.rating.tariff import Line, Tariff

WINDOWS = {0, 1, 5, 10, 15, 20, 30, 60}


def unpriced(tariff: Tariff) -> Iterator[Fault]:
    for i, line in enumerate(tariff.lines):
        for word, message in dict.fromkeys(_of_line(line, tariff)):
            yield Fault(("line", i, word), "not_expressible", f"“{line.code}”: {message}")


def _of_line(line: Line, tariff: Tariff) -> Iterator[tuple[str, str]]:
    for quantity in quantities_in(line):
        yield from _of_quantity(quantity)
    yield from _of_banks_within(line)
    yield from without_period(line)
    yield from counted_faults(line, tariff)
    yield from _of_charge(line.charge, tariff)
    factor = power_factor_in(line)
    if factor is not None and factor.rounded is not None and factor.rounded.size >= 1:
        yield "power_factor", "a power factor is a fraction of one: round it to 0.01, say, and not to 1."


def _of_charge(charge: Charge, tariff: Tariff) -> Iterator[tuple[str, str]]:
    if isinstance(charge, PerUnit) and isinstance(charge.shape, Tiers):
        yield from _of_hours_use(charge.shape)
    match charge:
        case PerUnit(quantity=Metered(peak_hours=PeakHours()), shape=shape, per=per):
            yield from _of_peak_hours(shape, per)
        case PerUnit(quantity=Metered() as metered, shape=shape):
            yield from _of_bank(metered, shape)
            if isinstance(shape, Tiers):
                yield from _of_tiers(shape, metered)
        case PerUnit(quantity=Demand(daily=True), shape=Tiers() | Bands()):
            yield "tier", "tiers over the demand of each day are not priced."
        case PerUnit(quantity=Demand(), shape=Tiers(order=order, basis=basis)):
            if order is not TierOrder.SEPARATE:
                yield "tiers_with_hours", "demand fills tiers in each TOU period for itself; write “separate”."
            if basis is not Basis.BILL:
                yield "tiers_per", "tiers of demand are in kW; leave tiers_per out."
        case Minimum(annual=True, terms=terms) if not all(map(_of_a_year, terms)):
            yield "minimum", "an annual minimum is a plain amount a year, or a number of the account at a unit price."
        case Percent(gross_up=True, rate=rate) if (highest := max(_values(rate, tariff), default=Decimal(0))) >= 100:
            yield "percent", f"{highest} % of receipts cannot be passed through."
        case _:
            pass


def _of_peak_hours(shape: Shape, per: Per) -> Iterator[tuple[str, str]]:
    if per is not Per.UNIT:
        yield "unit", "demand when the system peaked is charged once for each hour; write “$/kW”."
    if not isinstance(shape, Flat):
        yield "tier", "tiers and bands of demand when the system peaked are not priced."


def _of_quantity(quantity: Quantity) -> Iterator[tuple[str, str]]:
    match quantity:
        case Demand(window=window, flow=flow, rules=rules, daily=daily):
            if window.minutes not in WINDOWS:
                yield "window_minutes", f"a demand window of {window.minutes} minutes is not measured."
            if window.step and (window.step > window.minutes or window.minutes % window.step):
                yield "sliding_by", f"a window of {window.minutes} minutes cannot slide by {window.step}."
            if flow not in {Flow.DELIVERED, Flow.RECEIVED}:
                yield "flow", f"demand of {flow} flow is not priced."
            if daily and rules:
                yield "each_day", "ratchets and minimums of the demand of each day are not priced."
        case Metered(flow=flow, netting=netting):
            if flow is Flow.TOTAL:
                yield "flow", "total flow is not priced: count delivered and received for themselves."
            if netting < 0 or (netting and DAY_MINUTES % netting):
                yield "netting_minutes", f"netting within {netting} minutes is not measured."
        case _:
            return


def _of_banks_within(line: Line) -> Iterator[tuple[str, str]]:
    """A bank is set off where the line prices what it leaves; anywhere else it would be drawn upon twice."""
    inner = list(quantities_in(line))[1 if isinstance(line.charge, PerUnit) else 0 :]
    if any(isinstance(quantity, Metered) and quantity.bank for quantity in inner):
        yield "bank", "a bank of kWh is set off only against what the line itself prices."


def _of_bank(metered: Metered, shape: Shape) -> Iterator[tuple[str, str]]:
    if metered.bank and metered.flow is not Flow.NET:
        yield "bank", 'a bank of kWh is set off against net energy; write flow = "net".'
    if metered.bank and by_period(shape):
        yield "bank", "a bank of kWh over several TOU periods is not priced: write a line for each period."
    if metered.flow is Flow.NET and not metered.bank:
        yield "flow", "net energy below nothing must go into a bank; name one, or price delivered and received."


def _of_tiers(shape: Tiers, metered: Metered) -> Iterator[tuple[str, str]]:
    if shape.order is not TierOrder.CHRONOLOGICAL:
        return
    if metered.bank or metered.losses is not None or metered.rounded is not None:
        yield "tiers_with_hours", "tiers in order of time with banks, losses or rounded kWh are not priced."


def _of_hours_use(shape: Tiers) -> Iterator[tuple[str, str]]:
    if shape.basis in {Basis.KW, Basis.KW_DAY} and shape.demand is None:
        yield "tiers_per", "hours' use is reckoned with a demand; name it in tiers_per_kw_of."


def _values(figure: Figure, tariff: Tariff) -> Iterator[Decimal]:
    """The numbers that a figure may be; of a sum, its parts."""
    match figure:
        case Given(value=value):
            yield value
        case Lookup(cells=cells):
            yield from (value for _, value in cells if value is not None)
        case FactorOf(name=name):
            yield from (value for factor in tariff.factors if factor.name == name for _, value in factor.values)
        case Sum(parts=parts):
            for part in parts:
                yield from _values(part, tariff)


def _of_a_year(term: Term) -> bool:
    """What may be said for a year as a whole; a price by the month would count a bill's months, not the year's."""
    return isinstance(term.quantity, Once) or (isinstance(term.quantity, OfAccount) and term.per is Per.UNIT)
