"""Where the columns of a group of bills come from: single bills, or arrays that a rate lab already holds."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.attributes import Attribute
from lamplighter.rating.columnar.column import Number
from lamplighter.rating.columnar.facts import Fact, Refuse
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.scaled import Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot


class Source(Protocol):
    """Answers for `size` bills of one plan."""

    @property
    def size(self) -> int: ...

    @property
    def settles(self) -> Mask: ...

    @property
    def closes_year(self) -> Mask: ...

    def metered(self, slot: Slot, lower: Number, upper: Number | None) -> Scaled:
        """Not known where it was not measured. `lower` and `upper` are the edges of a tier in order of time."""

    def past(self, slot: PastSlot) -> Scaled: ...

    def served(self) -> NDArray[np.int64] | None:
        """For how many months before its own the account has been served; None: for as long as anyone asks."""

    def fact(self, attribute: Attribute, refuse: Refuse) -> Fact:
        """What the accounts tell, else the default; a fact of the wrong kind refuses the bill."""

    def bank(self, name: str) -> Scaled: ...

    def billed_this_year(self) -> Scaled: ...
