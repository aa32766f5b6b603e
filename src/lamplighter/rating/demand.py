"""Billing demand: the measured peak, lifted by ratchets, contract and minimum, less what is free.

See docs/algorithms/demand.md. History is looked up by month and never taken to be zero: a month before the first
day of service is left out, any other month without a recorded peak refuses the bill by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import assert_never

from lamplighter.rating.bill import BillInput, Step
from lamplighter.rating.determinants import Determinant
from lamplighter.rating.exact import NOTHING, Fraction, decimal, whole
from lamplighter.rating.pieces import Piece
from lamplighter.rating.quantities import (
    ContractDemand,
    Demand,
    DemandRule,
    LeastDemand,
    MeanWithPast,
    Ratchet,
    RoundTo,
)  # fmt: skip
from lamplighter.rating.quantities import Step as Multiple
from lamplighter.rating.refusals import CannotPrice


def billing_demand(
    demand: Demand, kept: Determinant, measured: Fraction, piece: Piece, bill: BillInput
) -> tuple[Fraction, tuple[Step, ...]]:
    """Demand to bill, and how it came about. `kept` is the determinant under which bills keep its peaks.

    Raises CannotPrice where a look-back finds no recorded peak, or a contract demand is not told.
    """
    unit = str(demand.what)
    steps = [Step("highest demand measured", decimal(measured), unit)]
    losses = Fraction(1) if demand.losses is None else piece.figure(demand.losses, kept.periods)
    metered = highest = measured * losses
    if demand.losses is not None:
        steps.append(Step(f"with losses, times {decimal(losses)}", decimal(highest), unit))
    past = _Past(kept, losses, bill)
    for rule in demand.rules:  # each looks at what was measured, so that their order says nothing
        floor, why = _floor(rule, metered, past, piece)
        if floor > highest:
            highest = floor
            steps.append(Step(why, decimal(floor), unit))
    if demand.rounded is not None:
        highest = to_multiple(highest, demand.rounded)
        steps.append(Step("rounded", decimal(highest), unit))
    if demand.free is not None:
        free = piece.figure(demand.free, kept.periods)
        highest = max(NOTHING, highest - free)
        steps.append(Step(f"above the first {decimal(free)} {unit}", decimal(highest), unit))
    return highest, tuple(steps)


def recorded(demand: Demand, own: Determinant) -> Iterator[Determinant]:
    """Determinants whose values later bills look back at."""
    for rule in demand.rules:
        match rule:
            case Ratchet(of=of):
                yield of or own
            case MeanWithPast():
                yield own
            case _:
                pass


def to_multiple(value: Fraction, step: Multiple) -> Fraction:
    size = Fraction(step.size)
    match step.to:
        case RoundTo.NEAREST:
            return whole(value / size) * size
        case RoundTo.UP:
            return -((-value / size).__floor__()) * size
        case RoundTo.DOWN:
            return (value / size).__floor__() * size
        case _:
            assert_never(step.to)


@dataclass(frozen=True, slots=True)
class _Past:
    """Peaks of earlier bills. They are recorded as measured, so losses are put on them here."""

    kept: Determinant
    losses: Fraction
    bill: BillInput

    def highest(self, back: int, months: frozenset[int] = frozenset(), of: Determinant | None = None) -> Fraction:
        key = (of or self.kept).key
        known: dict[date, Decimal] = {}
        for past in self.bill.past:  # of two bills in a month, the higher
            if key in past.peaks:
                known[past.month] = max(past.peaks[key], known.get(past.month, past.peaks[key]))
        highest = NOTHING
        for month in _months_before(self.bill.month, back):
            if months and month.month not in months:
                continue
            if month in known:
                highest = max(highest, Fraction(known[month]))
            elif self.bill.since is None or month >= self.bill.since.replace(day=1):
                raise CannotPrice(
                    "demand.history", f"Billing demand looks back at {month:%B %Y}, for which no peak is recorded."
                )
        return highest * self.losses


def _floor(rule: DemandRule, demand: Fraction, past: _Past, piece: Piece) -> tuple[Fraction, str]:
    """What one rule makes of the demand, and why."""
    match rule:
        case Ratchet(percent=percent, back=back, months=months, of=of):
            highest = past.highest(back, months, of)
            share = decimal(Fraction(percent) * 100)
            return Fraction(
                percent
            ) * highest, f"{share} % of {decimal(highest)}, the highest of the {back} months before"
        case MeanWithPast(back=back):
            return (demand + max(past.highest(back), demand)) / 2, f"mean with the highest of the last {back} months"
        case ContractDemand(attribute=attribute, share=share):
            contract = piece.facts.get(attribute)
            if not isinstance(contract, Decimal):
                raise CannotPrice("attribute.missing", f"The tariff asks for “{attribute}”, which is not told.")
            return Fraction(share) * Fraction(contract), f"{share} x the contract demand of {contract}"
        case LeastDemand(kw=kw):
            return piece.figure(kw, past.kept.periods), "the least demand that is billed"
        case _:
            assert_never(rule)


def _months_before(month: date, count: int) -> Iterator[date]:
    for _ in range(count):
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        yield month
