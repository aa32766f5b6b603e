"""Conditions over an account's attributes, under which a line of a tariff applies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from lamplighter.rating.attributes import Facts, word
from lamplighter.rating.refusals import CannotPrice


@dataclass(frozen=True, slots=True)
class Is:
    attribute: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """A number at or above `at_least` and below `below`."""

    attribute: str
    at_least: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; of none, always."""

    of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    of: tuple[Condition, ...]


Condition: TypeAlias = Is | Within | Not | Every | Some
ALWAYS = Every()


def holds(condition: Condition, facts: Facts) -> bool:
    """Raises CannotPrice when the account does not tell what the condition asks."""
    match condition:
        case Is(attribute=name, words=words):
            return word(_known(name, facts)) in words
        case Within(attribute=name, at_least=at_least, below=below):
            number = _known(name, facts)
            assert isinstance(number, Decimal), f"{name} is a number"
            return (at_least is None or number >= at_least) and (below is None or number < below)
        case Not(of=inner):
            return not holds(inner, facts)
        case Every(of=parts):
            return all(holds(part, facts) for part in parts)
        case Some(of=parts):
            return any(holds(part, facts) for part in parts)


def attributes_of(condition: Condition) -> frozenset[str]:
    match condition:
        case Is(attribute=name) | Within(attribute=name):
            return frozenset({name})
        case Not(of=inner):
            return attributes_of(inner)
        case Every(of=parts) | Some(of=parts):
            return frozenset().union(*(attributes_of(part) for part in parts))


def words_in(condition: Condition) -> frozenset[str]:
    """The attributes that are asked for by word, and so cannot be numbers."""
    match condition:
        case Is(attribute=name):
            return frozenset({name})
        case Within():
            return frozenset()
        case Not(of=inner):
            return words_in(inner)
        case Every(of=parts) | Some(of=parts):
            return frozenset().union(*(words_in(part) for part in parts))


def _known(name: str, facts: Facts) -> str | bool | Decimal:
    if name not in facts:
        raise CannotPrice("attribute.missing", f"The tariff asks for “{name}”, which the account does not tell.")
    return facts[name]
