"""How old the debts of every account were on a day, by the books of that day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.policies import policy_on
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries.closing import open_on
from lamplighter.ledger.rules import Ageing, Debt, age


@dataclass(frozen=True, slots=True)
class Aged:
    """An account as of a day: its open debts by age, and the credit that stands beside them."""

    account: Account
    ageing: Ageing

    @property
    def balance(self) -> Money:
        return self.ageing.current + self.ageing.past_due - self.ageing.credit


def aged_accounts(on: date) -> list[Aged]:
    """Every account that owed something or was in credit by the end of an accounting day; four queries.

    Each agreement's credits pay its own oldest debts; a debt is past due when the days of its newest bill are over.
    """
    stands = {key: part for key, part in open_on(on).items() if part[0] or part[1]}
    owners = dict(Agreement.objects.filter(subledger__in=stands).values_list("subledger", "account"))
    debts: dict[int, list[Debt]] = defaultdict(list)
    credit: dict[int, Money] = defaultdict(lambda: ZERO)
    for key, (parts, left) in stands.items():
        if key in owners:
            debts[owners[key]] += parts
            credit[owners[key]] += left
    days, usual = _due_days(on), policy_on(on).due_days
    accounts = Account.objects.order_by("number").in_bulk(sorted({*debts, *credit}))
    return [
        Aged(account, age(debts[pk], credit[pk], on=on, due_days=days.get(pk, usual)))
        for pk, account in sorted(accounts.items(), key=lambda pair: pair[1].number)
    ]


def _due_days(on: date) -> dict[int, int]:
    """Within how many days each account's newest bill of that day was to be paid."""
    newest = Bill.objects.filter(issued_on__lte=on).order_by("account", "-id").distinct("account")
    return {pk: (due - issued).days for pk, issued, due in newest.values_list("account", "issued_on", "due_on")}
