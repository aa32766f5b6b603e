"""When cycles are read and billed: windows from a month's working days, and what windows of one cycle may not do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from lamplighter.billing.rules import shifted_months
from lamplighter.kernel.calendars import HolidayCalendar

LONGEST_TURN = timedelta(days=35)
"""From one read day of a cycle to the next; months cut into working days come to 25 to 34."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The window of a cycle in a month, day by day. Without `estimate_on` no missing read is ever estimated."""

    cycle: str
    month: date
    reads_on: date
    opens_on: date
    closes_on: date
    accounting_on: date
    estimate_on: date | None = None

    def __str__(self) -> str:
        return f"cycle {self.cycle}, {self.month:%b %Y}"


@dataclass(frozen=True, slots=True)
class ReadingCalendar:
    """How a month's windows follow from its working days: the first is read on the first of them, the others spread
    evenly; a window opens `read_to_bill` working days after its read day and closes `stays_open` working days later.
    With `estimates`, what is missing on its last night is estimated."""

    holidays: HolidayCalendar
    read_to_bill: int = 2
    stays_open: int = 4
    estimates: bool = True

    def turns(self, cycles: Sequence[str], month: date) -> list[Turn]:
        """One for each cycle, in the order of `cycles`."""
        days = self._working_days(month.replace(day=1))
        return [self._turn(code, month, days[place * len(days) // len(cycles)]) for place, code in enumerate(cycles)]

    def _working_days(self, first: date) -> list[date]:
        days = (first + timedelta(days=n) for n in range(31))
        return [day for day in days if day.month == first.month and self.holidays.is_working_day(day)]

    def _turn(self, cycle: str, month: date, reads_on: date) -> Turn:
        opens_on = self.holidays.add_working_days(reads_on, self.read_to_bill)
        closes_on = self.holidays.add_working_days(opens_on, self.stays_open)
        estimate_on = closes_on if self.estimates else None
        return Turn(cycle, month.replace(day=1), reads_on, opens_on, closes_on, opens_on, estimate_on)


def faults(turns: Iterable[Turn], *, new: frozenset[Turn]) -> Iterator[str]:
    """What is wrong with `new` among all windows of one cycle, each with what to do. What stood before is let be."""
    ordered = sorted(turns, key=lambda turn: turn.month)
    for turn in ordered:
        if turn in new:
            yield from _own_faults(turn)
    for earlier, later in pairwise(ordered):
        if earlier in new or later in new:
            yield from _between(earlier, later)


def _own_faults(turn: Turn) -> Iterator[str]:
    if not turn.reads_on <= turn.opens_on <= turn.closes_on:
        yield f"{_named(turn)} is read first, opens then, and closes last. Put its days in that order."
    if turn.estimate_on is not None and not turn.opens_on <= turn.estimate_on <= turn.closes_on:
        yield (
            f"{_named(turn)} estimates from {_day(turn.estimate_on)}, when it is not open. Choose a day from"
            f" {_day(turn.opens_on)} to {_day(turn.closes_on)}, or none."
        )


def _between(earlier: Turn, later: Turn) -> Iterator[str]:
    if later.month == earlier.month:
        yield f"{_named(later)} is defined twice. Change the window that is there."
    elif later.reads_on <= earlier.reads_on:
        yield (
            f"{_named(later)} is read on {_day(later.reads_on)}, not after {earlier} ({_day(earlier.reads_on)})."
            " Its read day comes later."
        )
    elif later.opens_on <= earlier.closes_on:
        yield (
            f"{_named(later)} opens on {_day(later.opens_on)}, while {earlier} is open until"
            f" {_day(earlier.closes_on)}: both would bill the same accounts. Close the one sooner or open the other"
            " later."
        )
    elif later.month != (following := shifted_months(earlier.month, 1)):
        yield (
            f"{_named(later)} comes after {earlier}: no window bills the months between. Define"
            f" {following:%b %Y} first."
        )
    elif later.reads_on - earlier.reads_on > LONGEST_TURN:
        yield (
            f"{_named(later)} is read {(later.reads_on - earlier.reads_on).days} days after {earlier}. Choose a read"
            f" day up to {_day(earlier.reads_on + LONGEST_TURN)}."
        )


def _named(turn: Turn) -> str:
    return f"C{str(turn)[1:]}"


def _day(day: date) -> str:
    return f"{day:%b %-d, %Y}"
