"""Take the rows of one table in, batch by batch: what is here already is passed over, what is refused is left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from django.db import IntegrityError

from lamplighter.accounts.operations import CannotServe
from lamplighter.customers.rules import CannotRecord
from lamplighter.formats.conversion.reading import Numbered
from lamplighter.formats.conversion.tables import Row
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding, Place
from lamplighter.ledger.operations import CannotPost
from lamplighter.metering.operations import CannotInstall
from lamplighter.notices.channels import BadAddress
from lamplighter.platform.transactions import advisory_lock, unit_of_work

R = TypeVar("R", bound=Row)
Input = TypeVar("Input")
AT_ONCE = 500
REFUSALS = (BadAddress, CannotInstall, CannotPost, CannotRecord, CannotServe, IntegrityError)


@dataclass(frozen=True, slots=True)
class Cutover:
    """From `on` the utility runs here. `at` is when it is taken over, in whose name."""

    on: date
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Unit(Generic[R]):
    """What is taken in or left out as one: a row, or all rows of one account."""

    key: str
    lines: tuple[int, ...]
    rows: tuple[R, ...]

    @property
    def row(self) -> R:
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of a table: new, here before, left out."""

    table: str
    new: int
    before: int
    left_out: int


class Step(Protocol[R, Input]):
    """How one table is taken in. Units are told apart by `key`; `together` puts all rows of a key into one unit."""

    table: str
    together: bool

    def known(self, keys: Collection[str]) -> set[str]:
        """Which of the keys are here already."""
        ...

    def prepare(self, units: Sequence[Unit[R]], cutover: Cutover) -> list[Input | str]:
        """Of each unit what to write, or why it cannot be."""
        ...

    def write(self, units: Sequence[Unit[R]], inputs: Sequence[Input], cutover: Cutover) -> None:
        """All of them, or one of the REFUSALS."""
        ...


def take(
    step: Step[R, Input],
    rows: Sequence[Numbered[R]],
    broken: Sequence[str],
    cutover: Cutover,
    *,
    findings: list[Finding],
    told: Callable[[int, int], None],
) -> Taken:
    """Every batch is a transaction of its own: broken off, a conversion goes on where it was. Two that run at once take
    turns, so that none brings in what the other just did."""
    units, out = _units(step, rows, broken)
    new = before = 0
    for first in range(0, len(units), AT_ONCE):
        some = units[first : first + AT_ONCE]
        with unit_of_work(cutover.by):
            advisory_lock("conversion")
            here = step.known([unit.key for unit in some])
            fresh = [unit for unit in some if unit.key not in here]
            pairs = list(zip(fresh, step.prepare(fresh, cutover), strict=True))
            out += [(unit, why) for unit, why in pairs if isinstance(why, str)]
            ready = [(unit, made) for unit, made in pairs if not isinstance(made, str)]
            refused = list(_written(step, ready, cutover))
        out += refused
        new, before = new + len(ready) - len(refused), before + len(here)
        told(min(first + AT_ONCE, len(units)), len(units))
    findings += [
        Finding("conversion.left_out", why, place=Place(f"{step.table}.csv", unit.lines[0]))
        for unit, why in sorted(out, key=lambda pair: pair[0].lines)
    ]
    return Taken(step.table, new, before, len(out) + len(broken))


def _units(
    step: Step[R, Input], rows: Sequence[Numbered[R]], broken: Sequence[str]
) -> tuple[list[Unit[R]], list[tuple[Unit[R], str]]]:
    """In the order of the file; a key that is there again is left out, unless its rows go together. Of those that do,
    none goes in while another cannot be read."""
    found: dict[str, Unit[R]] = {}
    again: list[tuple[Unit[R], str]] = []
    for one in rows:
        key, unit = one.row.key, Unit(one.row.key, (one.line,), (one.row,))
        if key not in found:
            found[key] = unit
        elif step.together:
            found[key] = Unit(key, (*found[key].lines, one.line), (*found[key].rows, one.row))
        else:
            again.append((unit, f"“{key}” is there already in line {found[key].lines[0]}."))
    halves = set(broken) & found.keys() if step.together else set()
    again += [(found[key], f"Another line of “{key}” cannot be read: none of them is taken.") for key in halves]
    return [unit for key, unit in found.items() if key not in halves], again


def _written(
    step: Step[R, Input], ready: Sequence[tuple[Unit[R], Input]], cutover: Cutover
) -> Iterator[tuple[Unit[R], str]]:
    """Write them at once; where that is refused, halve until the refused ones stand alone, and leave those out."""
    if not ready:
        return
    try:
        with unit_of_work(cutover.by):
            step.write([unit for unit, _ in ready], [made for _, made in ready], cutover)
    except REFUSALS as refused:
        if len(ready) == 1:
            yield ready[0][0], _words(refused)
            return
        half = len(ready) // 2
        yield from _written(step, ready[:half], cutover)
        yield from _written(step, ready[half:], cutover)


def _words(refused: Exception) -> str:
    """The operations' own words; of the database's refusal the constraint, whose name says what must be once."""
    if not isinstance(refused, IntegrityError):
        return str(refused)
    rule = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "") or "a rule of the books"
    return f"It contradicts what is here already ({rule})."
