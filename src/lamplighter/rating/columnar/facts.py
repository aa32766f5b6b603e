"""Facts about the accounts of a group as columns, and where conditions over them hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.attributes import NO, YES, Amount, Attribute, Choice, Flag
from lamplighter.rating.columnar.column import Number, below
from lamplighter.rating.columnar.masks import Mask, both, either, opposite
from lamplighter.rating.conditions import Condition, Every, Is, Not, Some, Within


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A choice or a yes-or-no: each bill's place in `vocabulary`, -1 where the account does not tell."""

    vocabulary: tuple[str, ...]
    codes: NDArray[np.int64]

    @property
    def told(self) -> Mask:
        return np.asarray(self.codes >= 0)

    def among(self, words: Collection[str]) -> Mask:
        """Where the word told is one of these."""
        table = np.array([*(word in words for word in self.vocabulary), False])
        return np.asarray(table[self.codes])


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """A number for each bill, and where the account tells it."""

    number: Number
    told: Mask = True


Fact: TypeAlias = Words | Amounts
Facts: TypeAlias = Mapping[str, Fact]
Refuse: TypeAlias = Callable[[Mask, str, str], None]


def vocabulary_of(attribute: Attribute) -> tuple[str, ...]:
    match attribute:
        case Choice(values=values):
            return values
        case Flag():
            return (NO, YES)
        case Amount():
            return ()


def holds(condition: Condition, facts: Facts, where: Mask, refuse: Refuse) -> Mask:
    """Where the condition holds. A bill is refused for a fact that it does not tell only if the fact decides."""
    match condition:
        case Is(attribute=name, words=words):
            fact = _told(name, facts, where, refuse)
            assert isinstance(fact, Words), f"{name} is a word"
            return fact.among(words)
        case Within(attribute=name, at_least=at_least, below=upper):
            fact = _told(name, facts, where, refuse)
            assert isinstance(fact, Amounts), f"{name} is a number"
            low = True if at_least is None else opposite(below(fact.number, Fraction(at_least)))
            return both(low, True if upper is None else below(fact.number, Fraction(upper)))
        case Not(of=inner):
            return opposite(holds(inner, facts, where, refuse))
        case Every(of=parts):
            so_far: Mask = True
            for part in parts:
                so_far = both(so_far, holds(part, facts, both(where, so_far), refuse))
            return so_far
        case Some(of=parts):
            found: Mask = False
            for part in parts:
                found = either(found, holds(part, facts, both(where, opposite(found)), refuse))
            return found


def untold(name: str, where: Mask, refuse: Refuse) -> None:
    refuse(where, "attribute.missing", f"The tariff asks for “{name}”, which the account does not tell.")


def _told(name: str, facts: Facts, where: Mask, refuse: Refuse) -> Fact:
    fact = facts[name]
    untold(name, both(where, opposite(fact.told)), refuse)
    return fact
