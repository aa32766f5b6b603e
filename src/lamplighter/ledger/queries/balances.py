"""What each sub-ledger account stands at, and how old its debts are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import rules
from lamplighter.ledger.models import AccountingPeriod, Posting


@dataclass(frozen=True, slots=True)
class Balance:
    """`current`: what we ask for now. `payoff`: what would settle everything today."""

    current: Money = ZERO
    payoff: Money = ZERO

    def __add__(self, other: Balance) -> Balance:
        return Balance(self.current + other.current, self.payoff + other.payoff)


def balances(subledgers: Collection[int]) -> dict[int, Balance]:
    """Balance of each sub-ledger account asked for; one query."""
    rows = (
        Posting.objects.filter(subledger__in=subledgers)
        .values_list("subledger")
        .annotate(current=Sum("current"), payoff=Sum("payoff"))
    )
    found = {key: Balance(current, payoff) for key, current, payoff in rows}
    return {key: found.get(key, Balance()) for key in subledgers}


def ageing(subledgers: Collection[int], *, on: date, due_days: int) -> rules.Ageing:
    """Open debt of these accounts together by age, balance forward: credits pay the oldest first."""
    rows = list(
        Posting.objects.filter(subledger__in=subledgers, entry__effective_on__lte=on)
        .values_list("owed_on")
        .annotate(amount=Sum("current"))
    )
    return _aged(rows, on=on, due_days=due_days)


def ageing_of_each(due_days: Mapping[int, int], *, on: date) -> dict[int, rules.Ageing]:
    """The same of each account by itself, with the days within which its debts are to be paid; one query."""
    found: dict[int, list[tuple[date | None, Money]]] = {}
    rows = (
        Posting.objects.filter(subledger__in=due_days, entry__effective_on__lte=on)
        .values_list("subledger", "owed_on")
        .annotate(amount=Sum("current"))
    )
    for key, day, amount in rows:
        found.setdefault(key, []).append((day, amount))
    return {key: _aged(found.get(key, ()), on=on, due_days=days) for key, days in due_days.items()}


def _aged(rows: Sequence[tuple[date | None, Money]], *, on: date, due_days: int) -> rules.Ageing:
    charges = [(day, amount) for day, amount in rows if day is not None]
    credit = -sum((amount for day, amount in rows if day is None), ZERO)
    debts, left = rules.open_debts(charges, credit)
    return rules.age(debts, left, on=on, due_days=due_days)


def open_month_for(day: date, *, today: date) -> date:
    """The accounting day of something effective on `day`: that day while its month is open, else today."""
    closed = AccountingPeriod.objects.filter(month=day.replace(day=1), closed_at__isnull=False).exists()
    return today if closed else day
