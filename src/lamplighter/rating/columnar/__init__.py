"""The second calculator: a tariff compiled to columns, which prices thousands of bills at once.

It shares with `rating.price` the description of a tariff and nothing of how it is worked out. Every bill is
computed by both before it is frozen, and a difference parks it (docs/algorithms/two-calculators.md).
"""

from lamplighter.rating.columnar.agreement import difference
from lamplighter.rating.columnar.facts import Words
from lamplighter.rating.columnar.groups import Group
from lamplighter.rating.columnar.priced import LineAmount, Priced, PricedGroup
from lamplighter.rating.columnar.program import Program, compile
from lamplighter.rating.columnar.refusals import CannotCompile, Refusal
from lamplighter.rating.columnar.scaled import Scaled
from lamplighter.rating.columnar.slots import PastSlot, Slot

__all__ = [
    "CannotCompile", "Group", "LineAmount", "PastSlot", "Priced", "PricedGroup", "Program", "Refusal", "Scaled",
    "Slot", "Words", "compile", "difference",
]  # fmt: skip
