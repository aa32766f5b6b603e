"""What an account's deposit stands at: how much is asked for, how much is held."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances


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
