"""Read figures: a number, a table keyed by season, TOU period or attribute, a factor, or a sum of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lamplighter.rating.attributes import NO, YES, Amount, Attribute, Choice, Flag
from lamplighter.rating.figures import PERIOD, SEASON, Factor, FactorOf, Figure, Given, Lookup, Sum
from lamplighter.rating.files.tables import Table, number_of
from lamplighter.rating.hours import Clock
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.seasons import Season
from lamplighter.rating.spelling import did_you_mean

UNKNOWN = "not found"  # a figure that no source tells: an account that needs it is refused by name


@dataclass(slots=True)
class Known:
    """What the file has named so far, for other parts of it to refer to."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    clocks: dict[str, Clock] = field(default_factory=dict)
    factors: dict[str, Factor] = field(default_factory=dict)
    peak_hours: PeakHours | None = None

    def words_of(self, key: str, periods: tuple[str, ...]) -> tuple[str, ...] | None:
        """The words that a table keyed by `key` must have; None when nothing of that name can key a table."""
        if key == SEASON:
            return tuple(season.name for season in self.seasons) or None
        if key == PERIOD:
            return periods or None
        match self.attributes.get(key):
            case Choice(values=values):
                return values
            case Flag():
                return (YES, NO)
            case Amount() | None:
                return None

    def keys(self, periods: tuple[str, ...]) -> list[str]:
        usable = [name for name, attribute in self.attributes.items() if not isinstance(attribute, Amount)]
        return usable + [SEASON] * bool(self.seasons) + [PERIOD] * bool(periods)


def figure(
    table: Table, name: str, known: Known, *, periods: tuple[str, ...] = (), scale: Decimal = Decimal(1)
) -> Figure | None:
    """The figure under a name; None when there is none. `scale` turns cents into dollars."""
    value = table.raw(name)
    return None if value is None else _figure(_Cell(table, (name,), known, periods, scale), value)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a figure is being read."""

    table: Table
    path: tuple[str | int, ...]
    known: Known
    periods: tuple[str, ...]
    scale: Decimal

    def note(self, code: str, message: str, remedy: str = "") -> None:
        self.table.notes.add((*self.table.path, *self.path), code, message, remedy)

    def inside(self, part: str | int) -> _Cell:
        return _Cell(self.table, (*self.path, part), self.known, self.periods, self.scale)


def _figure(cell: _Cell, value: Any) -> Figure:
    match value:
        case list() if value:
            return Sum(tuple(_figure(cell.inside(i), part) for i, part in enumerate(value)))
        case {"factor": str() as name}:
            if name not in cell.known.factors:
                cell.note("unknown_factor", f"No factor is called “{name}”.", did_you_mean(name, cell.known.factors))
            elif cell.scale != 1:
                cell.note("factor_unit", "A factor is in dollars: give the line's unit in $, not in cents.")
            for extra in set(value) - {"factor"}:
                cell.inside(extra).note("unknown_word", f"“{extra}” is not known beside a factor.")
            return FactorOf(name)
        case {"by": str() | list() as by}:
            return _lookup(cell, dict(value), [by] if isinstance(by, str) else [str(key) for key in by])
        case dict():
            cell.note("figure", "A table of figures says by what: by = [...].", 'For example by = ["season"].')
            return Given(Decimal(0))
        case _:
            return Given(_number(cell, value) or Decimal(0))


def _lookup(cell: _Cell, value: Mapping[str, Any], by: list[str]) -> Figure:
    words = {key: cell.known.words_of(key, cell.periods) for key in by}
    for key, found in words.items():
        if found is None:
            known = cell.known.keys(cell.periods)
            cell.inside("by").note("unknown_key", f"A table cannot be keyed by “{key}”.", did_you_mean(key, known))
            return Given(Decimal(0))
    cells = {name: inner for name, inner in value.items() if name != "by"}
    ordered = [tuple(found) for found in words.values() if found is not None]
    return Lookup(tuple(by), tuple(_cells(cell, cells, by, ordered, ())))


def _cells(
    cell: _Cell, value: Any, by: list[str], words: list[tuple[str, ...]], key: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Decimal | None]]:
    depth = len(key)
    if depth == len(by):
        yield key, _number(cell, value)
        return
    if not isinstance(value, Mapping):
        cell.note("gap", f"Figures by {by[depth]} are expected here, not {value!s}.")
        return
    for name in value:
        if name not in words[depth]:
            cell.inside(name).note(
                "unknown_word", f"“{name}” is not a {by[depth]} of this tariff.", did_you_mean(name, words[depth])
            )
    for word in words[depth]:
        if word in value:
            yield from _cells(cell.inside(word), value[word], by, words, (*key, word))
        else:
            remedy = f'Give it, or write {word} = "{UNKNOWN}" where no source tells it.'
            cell.note("gap", f"The table has no figure for {by[depth]} {word}.", remedy)


def _number(cell: _Cell, value: object) -> Decimal | None:
    if value == UNKNOWN:
        return None
    found = number_of(value)
    if found is None:
        cell.note("wrong", f"{value!s} is not a number.", "Write it without quotes and units: 0.13934.")
        return None
    return found * cell.scale
