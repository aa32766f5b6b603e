"""Single bills of one plan as columns: what each was measured, what its account tells, what its past was."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Amount, Attribute, settle, word
from lamplighter.rating.attributes import Fact as FactValue
from lamplighter.rating.bill import BillInput, Quantities
from lamplighter.rating.columnar.column import Number, at
from lamplighter.rating.columnar.facts import Amounts, Fact, Refuse, Words, vocabulary_of
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.scaled import LOSSLESS, Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot
from lamplighter.rating.determinants import Ask, Band
from lamplighter.rating.quantities import RoundTo
from lamplighter.rating.refusals import CannotPrice

PLACES, LONGEST = 20, 100  # decimal places to which an edge of a tier is asked for: a third, and any finite decimal
UNTOLD = -1


class BillSource:
    """Answers for bills one by one."""

    def __init__(self, bills: Sequence[BillInput], quantities: Sequence[Quantities]) -> None:
        assert len(bills) == len(quantities), "quantities for each bill"
        self._bills, self._quantities = bills, quantities
        self.size = len(bills)
        self.settles: Mask = np.array([bill.settles for bill in bills])
        self.closes_year: Mask = np.array([bill.closes_year for bill in bills])

    def metered(self, slot: Slot, lower: Number, upper: Number | None) -> Scaled:
        if slot.tier is not None:
            return Scaled.of([self._in_tier(i, slot, lower, upper) for i in range(self.size)])
        asks: dict[date, Ask] = {}
        found = []
        for bill, quantities in zip(self._bills, self._quantities, strict=True):
            ask = asks.get(bill.period.start)
            if ask is None:
                ask = asks[bill.period.start] = Ask(slot.determinant, _days(bill, slot))
            found.append(quantities.get(ask))
        return Scaled.of(found)

    def past(self, slot: PastSlot) -> Scaled:
        found: list[Decimal | None] = []
        for bill in self._bills:
            peaks = [
                past.peaks[slot.key]
                for past in bill.past
                if slot.key in past.peaks and _months(past.month, bill.month) == slot.back
            ]
            found.append(max(peaks) if peaks else None)
        return Scaled.of(found)

    def served(self) -> NDArray[np.int64] | None:
        endless = np.iinfo(np.int64).max
        served = [endless if bill.since is None else _months(bill.since, bill.month) for bill in self._bills]
        return np.array(served, dtype=np.int64)

    def bank(self, name: str) -> Scaled:
        return Scaled.of([bill.banks.get(name, Decimal(0)) for bill in self._bills])

    def billed_this_year(self) -> Scaled:
        return Scaled.of([bill.billed_this_year for bill in self._bills])

    def fact(self, attribute: Attribute, refuse: Refuse) -> Fact:
        """Each different answer is typed once."""
        typed: dict[Hashable, FactValue | CannotPrice | None] = {}
        told: list[FactValue | CannotPrice | None] = []
        for bill in self._bills:
            given = bill.attributes.get(attribute.name)
            key = (attribute.name in bill.attributes, type(given), given)
            if key not in typed:
                typed[key] = _typed(attribute, bill.attributes)
            told.append(typed[key])
        for wrong in {id(fact): fact for fact in typed.values() if isinstance(fact, CannotPrice)}.values():
            refuse(np.array([fact is wrong for fact in told]), wrong.code, str(wrong))
        facts = [None if isinstance(fact, CannotPrice) else fact for fact in told]
        if isinstance(attribute, Amount):
            numbers = Scaled.of([fact if isinstance(fact, Decimal) else None for fact in facts])
            return Amounts(numbers.column(), numbers.known)
        vocabulary = vocabulary_of(attribute)
        places = {told: i for i, told in enumerate(vocabulary)}
        return Words(vocabulary, np.array([UNTOLD if fact is None else places[word(fact)] for fact in facts]))

    def _in_tier(self, i: int, slot: Slot, lower: Number, upper: Number | None) -> Decimal | None:
        band = Band(edge(at(lower, i)), None if upper is None else edge(at(upper, i)))
        ask = Ask(replace(slot.determinant, band=band), _days(self._bills[i], slot))
        return self._quantities[i].get(ask)


def edge(value: Fraction) -> Decimal:
    """An edge of a tier as measurements are asked for: its own decimal if it has one, else to twenty places."""
    places = LONGEST if 10**LONGEST % value.denominator == 0 else PLACES
    digits = to_multiple(value * 10**places, Fraction(1), RoundTo.NEAREST)
    assert isinstance(digits, Fraction)
    return LOSSLESS.scaleb(Decimal(int(digits)), -places)


def _days(bill: BillInput, slot: Slot) -> Period:
    start = bill.period.start + timedelta(days=slot.first)
    return Period(start, start + timedelta(days=slot.days))


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _typed(attribute: Attribute, given: Mapping[str, object]) -> FactValue | CannotPrice | None:
    try:
        return settle((attribute,), given).get(attribute.name)
    except CannotPrice as wrong:
        return wrong
