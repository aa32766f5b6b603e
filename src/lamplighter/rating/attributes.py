"""Typed facts about an account that a tariff asks for: heating source, amps class, connected load, exemptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from lamplighter.rating.refusals import CannotPrice

YES, NO = "yes", "no"
TRUTH = {"yes": True, "true": True, "y": True, "1": True, "no": False, "false": False, "n": False, "0": False}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words. Without a default every account must tell it."""

    name: str
    label: str
    values: tuple[str, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    label: str
    default: bool | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in `unit`: connected kW, lamps, contract kW, a power factor; never below `least`."""

    name: str
    label: str
    unit: str
    default: Decimal | None = None
    least: Decimal = Decimal(0)


Attribute: TypeAlias = Choice | Flag | Amount
Fact: TypeAlias = str | bool | Decimal
Facts: TypeAlias = Mapping[str, Fact]


def settle(attributes: Sequence[Attribute], given: Mapping[str, object]) -> dict[str, Fact]:
    """The facts that price a bill, typed: what the account tells, else the tariff's defaults.

    A fact that the tariff does not ask for is ignored: an account may tell more than one tariff wants to know.
    What neither tells is left out, and refused by name where a line needs it. Raises CannotPrice for a fact of
    the wrong kind.
    """
    facts: dict[str, Fact] = {}
    for attribute in attributes:
        if attribute.name in given:
            facts[attribute.name] = _typed(attribute, given[attribute.name])
        elif attribute.default is not None:
            facts[attribute.name] = attribute.default
    return facts


def word(fact: Fact) -> str:
    """The word by which tables and conditions know a fact."""
    if isinstance(fact, bool):
        return YES if fact else NO
    return str(fact)


def _typed(attribute: Attribute, value: object) -> Fact:
    match attribute:
        case Choice(values=values):
            if str(value) in values:
                return str(value)
            raise _wrong(attribute, value, f"one of {', '.join(values)}")
        case Flag():
            truth = value if isinstance(value, bool) else TRUTH.get(str(value).lower())
            if truth is None:
                raise _wrong(attribute, value, "yes or no")
            return truth
        case Amount(least=least, unit=unit):
            assert not isinstance(value, float), f"{attribute.name}: an exact number, not a float"
            number = _number(value)
            if number is None or number < least:
                raise _wrong(attribute, value, f"a number of {unit or 'units'}, {least} or more")
            return number


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and not isinstance(value, bool) else None


def _wrong(attribute: Attribute, value: object, expected: str) -> CannotPrice:
    return CannotPrice("attribute.wrong", f"{attribute.label} ({attribute.name}) is {value!s}; expected {expected}.")
