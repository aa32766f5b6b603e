"""Budget billing in figures: a level amount from twelve months, what a bill asks for instead, and when it is off. Pure.

docs/algorithms/budgets.md has the worked figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.kernel.money import ZERO, Money, total

MONTHS = 12


class CannotLevel(Exception):
    """Bills can't be levelled so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class BilledMonth:
    """What a month's service came to."""

    month: date
    amount: Money


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """An amount for each bill, with the months that it comes from, the oldest first."""

    agreement: int
    months: tuple[BilledMonth, ...]
    amount: Money

    @property
    def total(self) -> Money:
        return total(one.amount for one in self.months)

    @property
    def digest(self) -> str:
        said = [self.agreement, self.amount.cents, *((one.month.isoformat(), one.amount.cents) for one in self.months)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def level(agreement: int, months: Sequence[BilledMonth], *, step: Money) -> LevelDraft:
    """A twelfth of the last twelve months, up to the next whole `step`. Raises CannotLevel with fewer."""
    if len(months) < MONTHS:
        raise CannotLevel(f"Budget billing needs {MONTHS} months of bills; there are {len(months)}.")
    year = tuple(sorted(months, key=lambda one: one.month)[-MONTHS:])
    cents = total(one.amount for one in year).cents
    if cents <= 0:
        raise CannotLevel("The last twelve months came to nothing: there is nothing to level.")
    return LevelDraft(agreement, year, Money(-(-cents // (MONTHS * step.cents)) * step.cents))


def asked_instead(billed: Money, amount: Money) -> Money:
    """What moves the asking of a bill to the level amount; what settles everything stays as billed."""
    return amount - billed


def is_off(amount: Money, recommended: Money, *, off_by: int) -> bool:
    """Whether the amount is more than `off_by` percent of it from what the months say, so that somebody looks at it."""
    return abs(recommended - amount).cents * 100 > amount.cents * off_by


def says(billed: Money, amount: Money, used: Money) -> str:
    """The line on a bill. `used` is how much more was used than asked for, with this bill."""
    ahead = f"{used} more used than asked for so far" if used > ZERO else f"{-used} asked for ahead so far"
    return f"Budget billing: charges {billed}, you pay {amount}; {ahead if used else 'even so far'}"


def settles(ahead: Money) -> str:
    """The line by which the year's end, the last bill or leaving asks for the rest, or gives it back."""
    if ahead > ZERO:
        return f"Budget billing settled: {ahead} was used and not asked for yet"
    return f"Budget billing settled: {-ahead} was asked for ahead and is given back"
