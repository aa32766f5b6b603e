"""Plans by which a household pays a share of its income instead of the bill, and how much of each bill a fund bears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period

FACT, LABEL = "income_share", "A share of the household's income (no rate asks for it)"
"""What the program puts on a service: no rate asks for it, its bills are paid in part by the fund."""
MOST_SHARE, CITES = Decimal(7), "RCW 54.16.285: at most 7 % of income"
YEAR = 365


@dataclass(frozen=True, slots=True)
class Billed:
    """What the bill of some service days came to, taxes and discounts included."""

    period: Period
    amount: Money


def yearly_of(income: Money, share: Decimal) -> Money:
    """What a household pays for a year's power, of its income of a year; `share` in percent, cents half up."""
    return Money.nearest(income.dollars * share / 100)


def monthly_of(yearly: Money) -> Money:
    return Money.nearest(yearly.dollars / 12)


def borne(bills: Iterable[Billed], *, yearly: Money, plan: Period) -> Money:
    """What the fund bears of these bills: of each, what its days within the plan came to beyond the household's part of
    the year. A bill that is below that part is the household's alone, and what it is below is nobody's credit."""
    return total(_borne_of(one, yearly, plan) for one in bills)


def _borne_of(one: Billed, yearly: Money, plan: Period) -> Money:
    within = one.period & plan
    if within is None:
        return ZERO
    days = (within.closed_end - within.start) // timedelta(days=1)
    whole = (one.period.closed_end - one.period.start) // timedelta(days=1)
    part = Money.nearest(one.amount.dollars * days / whole)
    own = Money.nearest(yearly.dollars * days / YEAR)
    return max(part - own, ZERO)
