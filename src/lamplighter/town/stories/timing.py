"""When things happen in the stories, counted from the day of the city and the bills of a cycle."""

from __future__ import annotations

from datetime import date

from lamplighter.town.calendar import CYCLES, Turn, billed_turns
from lamplighter.town.places import districts_of


def nth_bill(cycle: int, as_of: date, back: int) -> Turn:
    """A turn of a cycle, counted back from the newest that is billed (0)."""
    return billed_turns(cycle, before=as_of, count=back + 1)[0]


def district_billed(as_of: date, days_ago: int) -> int:
    """A district whose newest bills went out so many days ago, or most nearly so."""
    newest = {cycle: nth_bill(cycle, as_of, 0).bills_on for cycle in range(1, CYCLES + 1)}
    cycle = min(newest, key=lambda cycle: (abs((as_of - newest[cycle]).days - days_ago), cycle))
    return districts_of(cycle)[0].number
