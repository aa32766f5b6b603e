"""Pure arithmetic of the books: ageing of debts, balance forward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.kernel.money import ZERO, Money

BUCKET_DAYS = (30, 60, 90)
MATCH = "match"
"""Entries that tie a credit to the debt that it pays: they move a sub-ledger's ages, and no money."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is still owed of what fell due for ageing on `owed_on`."""

    owed_on: date
    amount: Money


def open_debts(charges: Iterable[tuple[date, Money]], credits_total: Money) -> tuple[tuple[Debt, ...], Money]:
    """Apply credits (a positive total) to the oldest debts first: what stays open, and the credit left over.

    `charges` are net amounts by day. A day whose charges were reversed below zero is itself a credit.
    """
    by_day: dict[date, int] = {}  # cents: every posting of a payment's account comes by here
    for day, amount in charges:
        by_day[day] = by_day.get(day, 0) + amount.cents
    credit = credits_total.cents - sum(cents for cents in by_day.values() if cents < 0)
    debts: list[Debt] = []
    for day in sorted(by_day):
        owed = by_day[day]
        if owed <= 0:
            continue
        paid = max(0, min(owed, credit)) if credit > 0 else 0
        credit -= paid
        if owed > paid:
            debts.append(Debt(day, Money(owed - paid)))
    return tuple(debts), Money(credit)


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open debt by age on a day: not yet due, then 1-30, 31-60, 61-90 and over 90 days past due."""

    current: Money
    buckets: tuple[Money, ...]
    credit: Money

    @property
    def past_due(self) -> Money:
        return sum(self.buckets, ZERO)


def age(debts: Iterable[Debt], credit: Money, *, on: date, due_days: int) -> Ageing:
    """Sort open debts into buckets. A debt is past due when more than `due_days` have gone by since `owed_on`."""
    current, buckets = ZERO, [ZERO] * (len(BUCKET_DAYS) + 1)
    for debt in debts:
        late = (on - (debt.owed_on + timedelta(days=due_days))).days
        if late <= 0:
            current += debt.amount
        else:
            slot = next((i for i, most in enumerate(BUCKET_DAYS) if late <= most), len(BUCKET_DAYS))
            buckets[slot] += debt.amount
    return Ageing(current, tuple(buckets), credit)
