"""Billing demand of many bills: the measured peak, lifted by ratchets, contract and minimum, less what is free.

See docs/algorithms/demand.md. Every rule looks at what was measured, and the highest of them all counts.
"""

from __future__ import annotations

from fractions import Fraction

from lamplighter.rating.columnar.column import NIL, Number, minus, most, plus, times
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.sheet import Sheet
from lamplighter.rating.columnar.slots import recorded_as, slot_of
from lamplighter.rating.quantities import ContractDemand, Demand, DemandRule, LeastDemand, MeanWithPast, Ratchet


def billing_demand(demand: Demand, span: Span, names: tuple[str, ...], where: Mask, sheet: Sheet) -> Number:
    """The demand to bill, in the TOU periods `names` (none: those that the demand itself says)."""
    periods = names or demand.periods
    losses: Number = Fraction(1)
    if demand.losses is not None:
        losses = sheet.figure(demand.losses, span, periods, where)
    slot = slot_of(sheet.book, sheet.plan, span, demand, names)
    measured = times(sheet.metered(slot, where), losses)
    billed = measured
    key = recorded_as(demand, names).key if any(_looks_back(rule) for rule in demand.rules) else ""
    for rule in demand.rules:
        match rule:
            case Ratchet(percent=percent, back=back, months=months, of=of):
                past = sheet.highest_past(key if of is None else of.key, back, months, where)
                floor = times(times(past, losses), Fraction(percent))
            case MeanWithPast(back=back):
                past = times(sheet.highest_past(key, back, frozenset(), where), losses)
                floor = times(plus(measured, most(past, measured)), Fraction(1, 2))
            case ContractDemand(attribute=attribute, share=share):
                floor = times(sheet.amount_of(attribute, span, where), Fraction(share))
            case LeastDemand(kw=kw):
                floor = sheet.figure(kw, span, periods, where)
        billed = most(billed, floor)
    if demand.rounded is not None:
        billed = to_multiple(billed, Fraction(demand.rounded.size), demand.rounded.to)
    if demand.free is not None:
        billed = most(minus(billed, sheet.figure(demand.free, span, periods, where)), NIL)
    return billed


def _looks_back(rule: DemandRule) -> bool:
    return isinstance(rule, Ratchet | MeanWithPast)
