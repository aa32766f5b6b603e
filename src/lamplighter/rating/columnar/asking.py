"""Find out what a plan asks for, by pricing one imaginary bill that notes every question."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.attributes import Attribute
from lamplighter.rating.columnar.column import Number
from lamplighter.rating.columnar.facts import Amounts, Fact, Refuse, Words, vocabulary_of
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.scaled import Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot

ONE = Scaled.of([Decimal(1)])


class AskingSource:
    """One bill on which every quantity is one and every account says the first word that it may."""

    size = 1
    settles: Mask = True
    closes_year: Mask = True

    def __init__(self) -> None:
        self.slots: dict[Slot, None] = {}
        self.peaks: dict[PastSlot, None] = {}

    def metered(self, slot: Slot, lower: Number, upper: Number | None) -> Scaled:  # noqa: ARG002 - any tier is one
        self.slots[slot] = None
        return ONE

    def past(self, slot: PastSlot) -> Scaled:
        self.peaks[slot] = None
        return ONE

    def served(self) -> NDArray[np.int64] | None:
        return None

    def fact(self, attribute: Attribute, refuse: Refuse) -> Fact:  # noqa: ARG002 - nothing is wrong
        vocabulary = vocabulary_of(attribute)
        return Words(vocabulary, np.zeros(1, dtype=np.int64)) if vocabulary else Amounts(ONE.column(), told=False)

    def bank(self, name: str) -> Scaled:  # noqa: ARG002 - all alike
        return ONE

    def billed_this_year(self) -> Scaled:
        return ONE
