"""Name the utility's own bank account."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.payments.models import BankAccount
from lamplighter.payments.refunds.rules import check_bank
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def set_bank_account(
    *, bank: str, routing: str, number: str, holder: str, company: str, by: Actor, at: datetime
) -> BankAccount:
    """Deposits go there and refunds come from there, from now on."""
    check_bank(routing, number)
    found, _ = BankAccount.objects.update_or_create(
        id=1, defaults={"bank": bank, "routing": routing, "number": number, "holder": holder, "company": company}
    )
    record("payments.bank_account.set", subject="bank-account:1", by=by, at=at, last_four=number[-4:])
    return found
