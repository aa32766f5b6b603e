"""Figures of a rate book: a number, a number out of a table, a named factor with dates, or a sum of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lamplighter.rating.exact import Fraction
from lamplighter.rating.refusals import CannotPrice

SEASON, PERIOD = "season", "period"  # what a table may be keyed by besides attributes of the account


@dataclass(frozen=True, slots=True)
class Given:
    """A plain number as the rate book prints it."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table keyed by season, TOU period or attributes; `None` marks a figure that no source tells."""

    by: tuple[str, ...]
    cells: tuple[tuple[tuple[str, ...], Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class FactorOf:
    """The value of a named bill factor (a power-cost adjustment, a tax rate) on the day."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Several figures added up: a baseline plus a medical allowance."""

    parts: tuple[Figure, ...]


Figure: TypeAlias = Given | Lookup | FactorOf | Sum


@dataclass(frozen=True, slots=True)
class Factor:
    """A dated value that many lines may use; `values` are (first day, value), oldest first."""

    name: str
    values: tuple[tuple[date, Decimal], ...]
    source: str = ""

    def on(self, day: date) -> Decimal | None:
        known = [value for first, value in self.values if first <= day]
        return known[-1] if known else None


def keys_of(figure: Figure) -> frozenset[str]:
    """By what a figure varies: `season`, `period` and names of attributes."""
    match figure:
        case Lookup(by=by):
            return frozenset(by)
        case Sum(parts=parts):
            return frozenset().union(*(keys_of(part) for part in parts))
        case Given() | FactorOf():
            return frozenset()


def factors_of(figure: Figure) -> frozenset[str]:
    match figure:
        case FactorOf(name=name):
            return frozenset({name})
        case Sum(parts=parts):
            return frozenset().union(*(factors_of(part) for part in parts))
        case Given() | Lookup():
            return frozenset()


def resolve(figure: Figure, words: Mapping[str, str], factors: Mapping[str, Decimal]) -> Fraction:
    """The figure for these words (`{"season": "summer", "heating": "gas"}`) and factor values of the day.

    Raises CannotPrice where the rate book's figure is not known.
    """
    match figure:
        case Given(value=value):
            return Fraction(value)
        case FactorOf(name=name):
            return Fraction(factors[name])
        case Sum(parts=parts):
            return sum((resolve(part, words, factors) for part in parts), Fraction(0))
        case Lookup(by=by, cells=cells):
            key = tuple(_word(name, words) for name in by)
            found = dict(cells).get(key)
            if found is None:
                where = ", ".join(f"{name} {word}" for name, word in zip(by, key, strict=True))
                raise CannotPrice("figure.unknown", f"The rate book gives no figure for {where}.")
            return Fraction(found)


def _word(name: str, words: Mapping[str, str]) -> str:
    if name not in words:
        raise CannotPrice("attribute.missing", f"The tariff asks for “{name}”, which the account does not tell.")
    return words[name]
