"""What an account owes, by agreement, age and debt class."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import TYPES, AgreementKind
from lamplighter.billing.rules import DUE_DAYS
from lamplighter.credit.rules.arranging import Part
from lamplighter.kernel.money import Money, total
from lamplighter.ledger.rules import Debt
from lamplighter.payments.queries import owed_by_many
from lamplighter.payments.rules import Owed

TO_LOOK_AT = """
SELECT account_id FROM (
  SELECT a.account_id FROM accounts_agreement a JOIN ledger_posting p ON p.subledger_id = a.subledger_id
  GROUP BY a.account_id, a.id HAVING sum(p.current) > 0
  UNION SELECT account_id FROM credit_process WHERE ended_on IS NULL
) AS found ORDER BY account_id
"""
COLLECTED = frozenset({"regulated", "other"})


def debts_by_class(accounts: Collection[int]) -> dict[int, dict[str, list[Debt]]]:
    """Open debts of each account by debt class, oldest first; three queries."""
    kinds = dict(Agreement.objects.filter(account__in=accounts).values_list("pk", "kind"))
    found: dict[int, dict[str, list[Debt]]] = {}
    for account, owed in owed_by_many(accounts).items():
        mine = found.setdefault(account, {})
        for one in sorted(owed, key=lambda each: each.owed_on):
            debt_class = _debt_class(kinds[one.agreement])
            if debt_class in COLLECTED:
                mine.setdefault(debt_class, []).append(Debt(one.owed_on, one.amount))
    return found


def past_due(account: Account, *, on: date) -> list[Part]:
    """Debts for service whose due day is over, by agreement and age; an arrangement's own are not among them."""
    kinds = dict(account.agreements.values_list("pk", "kind"))
    return [
        Part(one.agreement, one.owed_on, one.amount)
        for one in sorted(owed_by_many([account.pk])[account.pk], key=lambda each: (each.owed_on, each.agreement))
        if _is_service(kinds[one.agreement]) and _late(one, on)
    ]


def past_due_total(account: Account, *, on: date) -> Money:
    return total(part.amount for part in past_due(account, on=on))


def _is_service(kind: str) -> bool:
    return kind != AgreementKind.ARRANGEMENT and _debt_class(kind) == "regulated"


def _debt_class(kind: str) -> str:
    return TYPES[AgreementKind(kind)].debt_class


def _late(owed: Owed, on: date) -> bool:
    return on > owed.owed_on + timedelta(days=DUE_DAYS)


def accounts_to_look_at() -> list[int]:
    """Accounts that owe anything, and those that a process runs on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(TO_LOOK_AT)
        return [int(row[0]) for row in cursor.fetchall()]
