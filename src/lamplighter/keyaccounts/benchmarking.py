"""What of a building's use may be given for benchmarking: whole months, and many tenants only as a sum that hides each.

The threshold is Colorado's 4/50 (4 CCR 723-4-4034(a)(I)): at least four customers, and none over half of the sum. It is
stricter than what California asks of its utilities: three accounts (Public Resources Code 25402.10(c)(2)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from lamplighter.kernel.periods import Period

FEWEST_CUSTOMERS = 4
LARGEST_SHARE = Decimal("0.5")
THRESHOLD = "4 CCR 723-4-4034(a)(I): at least four customers, none over half"


@dataclass(frozen=True, slots=True)
class Use:
    """What one service took from the grid on its days of a month. `kwh` is None where readings lack.

    `whole`: the service ran on every day of the month. `exchanges`: meters that were set there within the month.
    """

    customer: int
    whole: bool
    kwh: Decimal | None
    estimated_kwh: Decimal = Decimal(0)
    exchanges: int = 0


@dataclass(frozen=True, slots=True)
class MonthGiven:
    """A line of the file: kWh of one calendar month; `notes` say what rests on estimates and which meters changed."""

    month: Period
    kwh: Decimal
    estimated: bool
    notes: tuple[str, ...] = ()

    def told(self) -> list[str]:
        """The line as it goes out and is compared: a draft of other lines is another draft."""
        return [self.month.start.isoformat(), f"{self.kwh:f}", "yes" if self.estimated else "no", *self.notes]


@dataclass(frozen=True, slots=True)
class MonthLeft:
    """A month that isn't given, and why."""

    month: Period
    why: str


Month = MonthGiven | MonthLeft


def one_service(month: Period, uses: Sequence[Use]) -> Month:
    """A customer's own month: it must be whole, and read."""
    if len(uses) != 1 or not uses[0].whole:
        return MonthLeft(month, "Service did not run on every day of it.")
    if uses[0].kwh is None:
        return MonthLeft(month, "Readings are missing.")
    return _given(month, uses)


def whole_building(month: Period, uses: Sequence[Use]) -> Month:
    """The sum of all services at an address. Who moved in or out within the month is summed, but hides nobody else."""
    steady = {one.customer for one in uses if one.whole}
    if len(steady) < FEWEST_CUSTOMERS:
        return MonthLeft(
            month, f"Fewer than {FEWEST_CUSTOMERS} customers had service all month: one could be told from the sum."
        )
    if any(one.kwh is None for one in uses):
        return MonthLeft(month, "Readings are missing at one of the meters or more.")
    of: dict[int, Decimal] = {}
    for one in uses:
        of[one.customer] = of.get(one.customer, Decimal(0)) + (one.kwh or 0)
    if max(of.values()) > LARGEST_SHARE * sum(of.values(), Decimal(0)):
        return MonthLeft(month, f"One customer took more than {LARGEST_SHARE:.0%} of the sum.")
    return _given(month, uses)


def last_months(on: date, count: int = 12) -> list[Period]:
    """The calendar months that are over on a day, the oldest first."""
    ends = [on.replace(day=1)]
    for _ in range(count):
        before = ends[-1].year * 12 + ends[-1].month - 2
        ends.append(date(before // 12, before % 12 + 1, 1))
    return [Period(start, end) for end, start in pairwise(ends)][::-1]


def _given(month: Period, uses: Sequence[Use]) -> MonthGiven:
    guessed = sum((one.estimated_kwh for one in uses), Decimal(0))
    exchanges = sum(one.exchanges for one in uses)
    notes = []
    if guessed:
        notes.append(f"{guessed.quantize(Decimal('0.1')):,f} kWh estimated")
    if exchanges:
        notes.append(f"{exchanges} meter{'' if exchanges == 1 else 's'} exchanged")
    kwh = sum((one.kwh or Decimal(0) for one in uses), Decimal(0)).quantize(Decimal("0.001"))
    return MonthGiven(month, kwh, bool(guessed), tuple(notes))
