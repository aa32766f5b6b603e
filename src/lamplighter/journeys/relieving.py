"""A credit or an applied deposit stops collection as a payment does: letters end, a truck is called back, power that
was off for the debt comes back."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.billing.relief import on_relief
from lamplighter.journeys.collecting import money_came
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction


@on_relief
@in_transaction
def owes_less(account: Account, on: date, by: Actor, at: datetime) -> None:
    """In the transaction of the credit."""
    money_came(accounts=[account], on=on, by=by, at=at)
