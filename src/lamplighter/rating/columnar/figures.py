"""Figures of the rate book for many bills: a number for all of them, or a column out of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np

from lamplighter.rating.columnar.column import NIL, Number, column, integers, plus
from lamplighter.rating.columnar.facts import Facts, Refuse, Words, untold
from lamplighter.rating.columnar.masks import Mask, both
from lamplighter.rating.columnar.refusals import CannotCompile
from lamplighter.rating.figures import FactorOf, Figure, Given, Lookup, Sum


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a figure is not known: an attribute that is not told, or a cell that no source gives."""

    where: Mask
    attribute: str
    cell: str


@dataclass(frozen=True, slots=True)
class Found:
    """A figure; where it has faults the number is nothing, and the bills that need it are to be refused."""

    number: Number
    faults: tuple[Fault, ...] = ()

    def refuse(self, needed: Mask, refuse: Refuse) -> None:
        for fault in self.faults:
            where = both(needed, fault.where)
            if fault.attribute:
                untold(fault.attribute, where, refuse)
            else:
                refuse(where, "figure.unknown", f"The rate book gives no figure for {fault.cell}.")


def find(figure: Figure, words: Mapping[str, str], factors: Mapping[str, Fraction], facts: Facts) -> Found:
    """The figure where `words` tells the season and TOU period, and `facts` each account's attributes."""
    match figure:
        case Given(value=value):
            return Found(Fraction(value))
        case FactorOf(name=name):
            return Found(factors[name])
        case Sum(parts=parts):
            number: Number = NIL
            faults: tuple[Fault, ...] = ()
            for part in parts:
                found = find(part, words, factors, facts)
                number, faults = plus(number, found.number), (*faults, *found.faults)
            return Found(number, faults)
        case Lookup():
            return _looked_up(figure, words, facts)


def _looked_up(figure: Lookup, words: Mapping[str, str], facts: Facts) -> Found:
    asked = [(name, fact) for name in figure.by if name not in words and (fact := _words(name, facts)) is not None]
    cells = {key: Fraction(value) for key, value in figure.cells if value is not None}
    keys = list(_keys(figure, words, asked))
    if not asked:
        found = cells.get(keys[0])
        if found is not None:
            return Found(found)
        return Found(NIL, (Fault(True, "", _cell(figure, keys[0])),))  # noqa: FBT003 - a mask: all bills
    place = np.zeros((), dtype=np.int64)
    faults = []
    for name, fact in asked:
        place = place * len(fact.vocabulary) + np.maximum(fact.codes, 0)
        if (fact.codes < 0).any():
            faults.append(Fault(fact.codes < 0, name, ""))
    for i, key in enumerate(keys):
        if key not in cells and (where := np.asarray(place == i)).any():
            faults.append(Fault(where, "", _cell(figure, key)))
    den = lcm(*(value.denominator for value in cells.values()))
    table = integers(int(cells.get(key, NIL) * den) for key in keys)
    return Found(column(table[place], den), tuple(faults))


def _words(name: str, facts: Facts) -> Words | None:
    """The column that a table is keyed by; season and TOU period stand in no column."""
    fact = facts.get(name)
    if fact is None:
        raise CannotCompile(f"A table asks for the {name} where there is none.")
    assert isinstance(fact, Words), f"{name} is a word"
    return fact


def _keys(figure: Lookup, words: Mapping[str, str], asked: list[tuple[str, Words]]) -> Iterator[tuple[str, ...]]:
    """Every cell that some account may mean, in the order of the vocabularies."""
    names = [name for name, _ in asked]
    for told in product(*(fact.vocabulary for _, fact in asked)):
        known = {**words, **dict(zip(names, told, strict=True))}
        yield tuple(known[name] for name in figure.by)


def _cell(figure: Lookup, key: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {word}" for name, word in zip(figure.by, key, strict=True))
