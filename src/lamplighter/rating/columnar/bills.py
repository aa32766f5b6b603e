"""Single bills of one plan as columns: what each was measured, what its account tells, what its past was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
from lamplighter.rating.columnar.groups import UNKNOWN
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.scaled import LOSSLESS, Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot
from lamplighter.rating.determinants import Ask, Band
from lamplighter.rating.quantities import RoundTo
from lamplighter.rating.refusals import CannotPrice

PLACES, LONGEST = 20, 100  # decimal places to which an edge of a tier is asked for: a third, and any finite decimal
UNTOLD = object()  # what an account does not say


class BillSource:
    """Answers for bills one by one."""

    def __init__(self, bills: Sequence[BillInput], quantities: Sequence[Quantities]) -> None:
        assert len(bills) == len(quantities), "quantities for each bill"
        self._bills, self._quantities = bills, quantities
        self._peaks: dict[str, dict[int, list[Decimal | None]]] = {}
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
        if slot.key not in self._peaks:
            self._peaks[slot.key] = self._history(slot.key)
        found = self._peaks[slot.key].get(slot.back)
        return UNKNOWN if found is None else Scaled.of(found)

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
        given = [bill.attributes.get(attribute.name, UNTOLD) for bill in self._bills]
        keys = [(type(value), value) for value in given]
        typed = {key: _typed(attribute, key[1]) for key in dict.fromkeys(keys)}
        for key, wrong in typed.items():
            if isinstance(wrong, CannotPrice):
                refuse(np.array([other == key for other in keys]), wrong.code, str(wrong))
        facts = {key: None if isinstance(fact, CannotPrice) else fact for key, fact in typed.items()}
        if isinstance(attribute, Amount):
            numbers = {key: fact if isinstance(fact, Decimal) else None for key, fact in facts.items()}
            scaled = Scaled.of([numbers[key] for key in keys])
            return Amounts(scaled.column(), scaled.known)
        vocabulary = vocabulary_of(attribute)
        codes = {key: -1 if fact is None else vocabulary.index(word(fact)) for key, fact in facts.items()}
        return Words(vocabulary, np.array([codes[key] for key in keys]))

    def _history(self, key: str) -> dict[int, list[Decimal | None]]:
        """Peaks of all bills by how many months back; of two bills in one month the higher."""
        found: defaultdict[int, list[Decimal | None]] = defaultdict(lambda: [None] * self.size)
        for i, bill in enumerate(self._bills):
            month = bill.month if bill.past else bill.period.start
            for past in bill.past:
                peak = past.peaks.get(key)
                if peak is not None:
                    column = found[_months(past.month, month)]
                    before = column[i]
                    column[i] = peak if before is None else max(before, peak)
        return dict(found)

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


def _typed(attribute: Attribute, value: object) -> FactValue | CannotPrice | None:
    """As the attribute has it: what is told, else its default; the refusal where it is of the wrong kind."""
    try:
        return settle((attribute,), {} if value is UNTOLD else {attribute.name: value}).get(attribute.name)
    except CannotPrice as wrong:
        return wrong
