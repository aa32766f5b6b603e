"""The windows of a year, cycle by cycle, and those that a reading calendar would add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.models import Cycle
from lamplighter.billing.models import CycleWindow
from lamplighter.billing.reading_calendar import ReadingCalendar, Turn, faults
from lamplighter.billing.rules import CannotDefine, shifted_months

TOLD = 3


@dataclass(frozen=True, slots=True)
class CycleYear:
    """A cycle and its windows of a year, by number of the month; a month without one is a gap."""

    cycle: Cycle
    windows: Mapping[int, CycleWindow]


def cycle_years(year: int) -> list[CycleYear]:
    """Every cycle, in order; two queries."""
    windows: dict[str, dict[int, CycleWindow]] = {}
    for window in CycleWindow.objects.filter(month__year=year):
        windows.setdefault(window.cycle_id, {})[window.month.month] = window
    return [CycleYear(cycle, windows.get(cycle.pk, {})) for cycle in Cycle.objects.order_by("code")]


def turns_to_define(*, calendar: ReadingCalendar, year: int, on: date) -> list[Turn]:
    """What a reading calendar adds of a year: for each cycle the months after its last window, or, when it has none,
    from this month or a later year's January on. Raises CannotDefine, also when there is nothing to add."""
    cycles = list(Cycle.objects.order_by("code").values_list("code", flat=True))
    if not cycles:
        raise CannotDefine("There is no bill cycle yet, so there is nothing to read.")
    first = {code: max(on.replace(day=1), date(year, 1, 1)) for code in cycles}
    for code, month in CycleWindow.objects.order_by("month").values_list("cycle", "month"):
        first[code] = max(shifted_months(month, 1), date(year, 1, 1))
    months = [date(year, number, 1) for number in range(1, 13)]
    made = [turn for month in months for turn in calendar.turns(cycles, month) if turn.month >= first[turn.cycle]]
    if not made:
        raise CannotDefine(f"Every cycle has its windows of {year}, or the year is over. Choose a later year.")
    check(made)
    return made


def check(turns: Sequence[Turn], *, instead_of: CycleWindow | None = None) -> None:
    """Raises CannotDefine where these turns do not fit among the windows that are there."""
    there = CycleWindow.objects.filter(cycle__in={turn.cycle for turn in turns})
    if instead_of is not None:
        there = there.exclude(pk=instead_of.pk)
    by_cycle: dict[str, list[Turn]] = {}
    for turn in (*map(turn_of, there), *turns):
        by_cycle.setdefault(turn.cycle, []).append(turn)
    new = frozenset(turns)
    _refuse(fault for mine in by_cycle.values() for fault in faults(mine, new=new))


def turn_of(window: CycleWindow) -> Turn:
    return Turn(
        window.cycle_id, window.month, window.reads_on, window.opens_on, window.closes_on, window.accounting_on,
        window.estimate_on,
    )  # fmt: skip


def _refuse(found: Iterable[str]) -> None:
    every = list(found)
    if every:
        more = [f"And {len(every) - TOLD:,} more like these."] if len(every) > TOLD else []
        raise CannotDefine(" ".join([*every[:TOLD], *more]))
