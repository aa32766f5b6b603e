"""What an account's deposit stands at: how much is asked for, how much is held; and whether all of them add up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances

ASTRAY = """
WITH stands AS (
  SELECT a.id, a.account_id, coalesce(sum(p.current), 0) AS asked, coalesce(sum(p.payoff), 0) AS payoff,
    coalesce(sum(p.current) FILTER (WHERE e.source LIKE 'deposit:%' OR e.source LIKE 'deposit-waived:%'), 0) AS told,
    coalesce(sum(p.payoff) FILTER (WHERE e.kind NOT IN ('adjustment', 'opening')), 0) AS paid
  FROM accounts_agreement a JOIN ledger_posting p ON p.subledger_id = a.subledger_id
  JOIN ledger_entry e ON e.id = p.entry_id WHERE a.kind = 'deposit' GROUP BY a.id
), made AS (
  SELECT agreement_id, sum(amount) AS told FROM billing_adjustment WHERE kind = 'deposit' GROUP BY 1
)
SELECT s.id, s.asked, s.payoff FROM stands s LEFT JOIN made m ON m.agreement_id = s.id
WHERE s.asked < 0 OR s.payoff > s.asked OR s.told <> coalesce(m.told, 0) OR s.asked <> s.told + s.paid
"""


@dataclass(frozen=True, slots=True)
class DepositStanding:
    """`asked` is due and not paid; `held` is what the utility owes, interest included."""

    agreement: Agreement
    asked: Money
    held: Money


def deposit_of(account: Account) -> DepositStanding | None:
    """The newest deposit agreement of the account with its two balances; two queries."""
    kind = AgreementKind.DEPOSIT
    found = Agreement.objects.filter(account=account, kind=kind, cancelled_at__isnull=True).order_by("-pk").first()
    if found is None:
        return None
    stands = balances([found.subledger_id])[found.subledger_id]
    return DepositStanding(found, asked=max(stands.current, ZERO), held=max(-stands.payoff, ZERO))


def deposits_held() -> Money:
    """What the utility owes its customers of deposits, interest included."""
    payoff = Posting.objects.filter(subledger__agreement__kind=AgreementKind.DEPOSIT).aggregate(sum=Sum("payoff"))[
        "sum"
    ]
    return -(payoff or ZERO)


def deposits_astray() -> list[str]:
    """Deposits that ask for less than nothing, owe the utility more than it asks for, or ask for something else than
    what was asked for, waived and paid. What another system held was never asked for here."""
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        return [
            f"deposit of agreement {pk}: {Money(int(asked))} asked for, {Money(int(payoff))} owed"
            for pk, asked, payoff in cursor.fetchall()
        ]
