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
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import in_transaction


@dataclass(frozen=True, slots=True)
class OpeningDebt:
    """A debt as the other system had it (negative: a credit): since when it ages, and what it is made of."""

    owed_on: date
    amount: Money
    component: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What an agreement brings over."""

    agreement: Agreement
    debts: tuple[OpeningDebt, ...]


@dataclass(frozen=True, slots=True)
class ConvertedBill:
    """A bill of the other system: shown and aged, never recomputed. `number` is its number there."""

    account: Account
    number: str
    issued_on: date
    due_on: date
    previous: Money
    charges: Money
    due: Money


@in_transaction
def bring_forward(*, openings: Sequence[Opening], on: date, by: Actor, at: datetime) -> list[int]:
    """Post the opening balances of agreements against conversion clearing, each once; the ids of the entries.

    An agreement without a debt has no entry. Raises CannotPost for one that was brought over before.
    """
    moving = [one for one in openings if any(debt.amount for debt in one.debts)]
    drafts = [Draft(f"opening:{one.agreement.pk}", "opening", on, _legs(one)) for one in moving]
    told = [
        Happening(
            "billing.balance.brought_forward", one.agreement.subject, one.agreement.account_id,
            {"cents": total(debt.amount for debt in one.debts).cents},
        )
        for one in moving
    ]  # fmt: skip
    entries = ledger.post_many(drafts=drafts, at=at, by=by)
    record_many(told, by=by, at=at)
    return entries


def _legs(opening: Opening) -> tuple[Leg, ...]:
    agreement = opening.agreement
    legs = [
        Leg(
            agreement.type.control_code, debt.amount, agreement.subledger_id,
            owed_on=debt.owed_on if debt.amount.cents > 0 else None, component=debt.component,
        )
        for debt in opening.debts if debt.amount
    ]  # fmt: skip
    whole = total(debt.amount for debt in opening.debts)
    if whole:
        legs.append(Leg("conversion", -whole, component="opening"))
    return tuple(legs)


@in_transaction
def bring_bills(*, bills: Sequence[ConvertedBill], by: Actor, at: datetime) -> list[Bill]:
    """Keep bills of the other system under their own numbers, oldest first."""
    rows = [
        Bill(
            number=f"C-{bill.number}", account=bill.account, origin=Bill.Origin.CONVERTED, issued_on=bill.issued_on,
            due_on=bill.due_on, previous=bill.previous, received=bill.due - bill.previous - bill.charges,
            corrected=ZERO, charges=bill.charges, due=bill.due, mark=0, issued_at=at, issued_by=by,
        )
        for bill in sorted(bills, key=lambda bill: bill.issued_on)
    ]  # fmt: skip
    return Bill.objects.bulk_create(rows)
