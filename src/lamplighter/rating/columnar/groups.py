"""Bills as arrays: what a rate lab holds for one period and many customers, priced without touching single bills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Attribute, settle, word
from lamplighter.rating.attributes import Fact as FactValue
from lamplighter.rating.columnar.column import NIL, Number, below, chosen
from lamplighter.rating.columnar.facts import Amounts, Fact, Refuse, Words, vocabulary_of
from lamplighter.rating.columnar.masks import Mask, both
from lamplighter.rating.columnar.scaled import Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import BillKind

NOTHING = Scaled(np.zeros((), dtype=np.int64))
UNKNOWN = Scaled(np.zeros((), dtype=np.int64), known=False)
Given: TypeAlias = Words | Scaled | str | bool | Decimal


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """`size` bills of one period, as columns.

    `measured` answers the slots of `Program.asks`; `facts` has a column for an attribute, or one value for all
    accounts; `past` the peaks of earlier bills, of which `months_served` says how many months back they must be
    known (None: for all that are looked back at); `banks` the balances brought in.
    """

    period: Period
    size: int
    measured: Mapping[Slot, Scaled]
    facts: Mapping[str, Given] = field(default_factory=dict)
    past: Mapping[PastSlot, Scaled] = field(default_factory=dict)
    months_served: NDArray[np.int64] | None = None
    banks: Mapping[str, Scaled] = field(default_factory=dict)
    settles: Mask = False
    billed_this_year: Scaled = NOTHING
    closes_year: Mask = False
    cycle: date | None = None
    kind: BillKind = BillKind.REGULAR

    def __post_init__(self) -> None:
        assert self.period.days > 0, "a bill covers a day at least"
        for scaled in (*self.measured.values(), *self.past.values(), *self.banks.values()):
            assert scaled.values.shape in {(), (self.size,)}, "a number for each bill, or one for all"

    @property
    def month(self) -> date:
        """The first day of the billing cycle's month."""
        return (self.cycle or self.period.last_day).replace(day=1)


class ArraySource:
    """Answers out of the arrays of a group."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self.size, self.settles, self.closes_year = group.size, group.settles, group.closes_year

    def metered(self, slot: Slot, lower: Number, upper: Number | None) -> Scaled:  # noqa: ARG002 - cut before
        return self._group.measured.get(slot, UNKNOWN)

    def past(self, slot: PastSlot) -> Scaled:
        return self._group.past.get(slot, UNKNOWN)

    def served(self) -> NDArray[np.int64] | None:
        return self._group.months_served

    def bank(self, name: str) -> Scaled:
        return self._group.banks.get(name, NOTHING)

    def billed_this_year(self) -> Scaled:
        return self._group.billed_this_year

    def fact(self, attribute: Attribute, refuse: Refuse) -> Fact:
        given = self._group.facts.get(attribute.name)
        match given:
            case Words():
                return _worded(attribute, given, refuse)
            case Scaled():
                return _numbered(attribute, given, refuse)
            case None:
                return constant(attribute, attribute.default, self.size)
            case _:
                try:
                    typed = settle((attribute,), {attribute.name: given})[attribute.name]
                except CannotPrice as wrong:
                    refuse(True, wrong.code, str(wrong))  # noqa: FBT003 - a mask: all bills
                    typed = None
                return constant(attribute, typed, self.size)


def constant(attribute: Attribute, fact: FactValue | None, size: int) -> Fact:
    """One fact for all accounts."""
    vocabulary = vocabulary_of(attribute)
    if vocabulary:
        return Words(vocabulary, np.full(size, -1 if fact is None else vocabulary.index(word(fact))))
    return Amounts(NIL, told=False) if fact is None else Amounts(Fraction(Decimal(fact)))


def _worded(attribute: Attribute, given: Words, refuse: Refuse) -> Words:
    """The same words in the order of the attribute's own vocabulary, with its default where nothing is told."""
    vocabulary = vocabulary_of(attribute)
    default = -1 if attribute.default is None else vocabulary.index(word(attribute.default))
    places = [vocabulary.index(told) if told in vocabulary else -2 for told in given.vocabulary]
    codes = np.array([*places, default], dtype=np.int64)[given.codes]
    refuse(codes == -2, "attribute.wrong", f"{attribute.label} is not one of {', '.join(vocabulary)}.")
    return Words(vocabulary, np.maximum(codes, -1))


def _numbered(attribute: Attribute, given: Scaled, refuse: Refuse) -> Amounts:
    least = Fraction(getattr(attribute, "least", 0))
    number: Number = given.column()
    message = f"{attribute.label} is below {least}."
    refuse(both(given.known, below(number, least)), "attribute.wrong", message)
    default = attribute.default
    if default is None or given.known is True:
        return Amounts(number, given.known)
    return Amounts(chosen(given.known, number, Fraction(Decimal(default))))
