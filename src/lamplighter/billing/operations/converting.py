"""Bring balances and bills over from another system, with the age and component that they had there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@dataclass(frozen=True, slots=True)
class OpeningDebt:
    """A debt as the other system had it (negative: a credit): since when it ages, and what it is made of."""

    owed_on: date
    amount: Money
    component: str


@dataclass(frozen=True, slots=True)
class ConvertedBill:
    """A bill of the other system: shown and aged, never recomputed. `number` is its number there."""

    number: str
    issued_on: date
    due_on: date
    previous: Money
    charges: Money
    due: Money


@in_transaction
def bring_forward(
    *, agreement: Agreement, debts: Sequence[OpeningDebt], on: date, by: Actor, at: datetime
) -> int | None:
    """Post the opening balance of an agreement against conversion clearing, once; the entry's id."""
    moving = [debt for debt in debts if debt.amount]
    if not moving:
        return None
    code = agreement.type.control_code
    legs = [
        Leg(
            code, debt.amount, agreement.subledger_id, owed_on=debt.owed_on if debt.amount.cents > 0 else None,
            component=debt.component,
        )
        for debt in moving
    ]  # fmt: skip
    whole = total(debt.amount for debt in moving)
    if whole:
        legs.append(Leg("conversion", -whole, component="opening"))
    entry = ledger.post(draft=Draft(f"opening:{agreement.pk}", "opening", on, tuple(legs)), at=at, by=by)
    record(
        "billing.balance.brought_forward", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
        cents=whole.cents,
    )  # fmt: skip
    return entry


@in_transaction
def bring_bills(*, account: Account, bills: Sequence[ConvertedBill], by: Actor, at: datetime) -> list[Bill]:
    """Keep bills of the other system under their own numbers, oldest first."""
    rows = [
        Bill(
            number=f"C-{bill.number}", account=account, origin=Bill.Origin.CONVERTED, issued_on=bill.issued_on,
            due_on=bill.due_on, previous=bill.previous, received=bill.due - bill.previous - bill.charges,
            corrected=ZERO, charges=bill.charges, due=bill.due, mark=0, issued_at=at, issued_by=by,
        )
        for bill in sorted(bills, key=lambda bill: bill.issued_on)
    ]  # fmt: skip
    return Bill.objects.bulk_create(rows)
