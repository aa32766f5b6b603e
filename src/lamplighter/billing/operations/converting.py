"""Bring balances and bills over from another system, with the age and component that they had there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill
from lamplighter.billing.rules import CannotBill
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
    """What an agreement brings over. `billed_out`: its service ended, and the other system has billed it to its end."""

    agreement: Agreement
    debts: tuple[OpeningDebt, ...]
    billed_out: bool = False


@dataclass(frozen=True, slots=True)
class HeldDeposit:
    """A deposit that the other system held since a day, and the interest that it had earned by the cut-over."""

    account: Account
    paid_on: date
    amount: Money
    interest: Money


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

    An agreement without a debt has no entry. One that is billed out is closed: none of its days is billed here. Raises
    CannotPost for one that was brought over before, and CannotBill for service that runs on and is called billed out.
    """
    over = [one.agreement for one in openings if one.billed_out]
    if running := next((one for one in over if one.period.end is None or one.period.end > on), None):
        raise CannotBill("billing.conversion", f"{running} runs on: it can't have been billed to its end.")
    Agreement.objects.filter(pk__in=[one.pk for one in over]).update(closed_on=on)
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
def bring_deposits(*, deposits: Sequence[HeldDeposit], on: date, by: Actor, at: datetime) -> list[Agreement]:
    """Owe deposits since the day on which they were paid, in the books of the cut-over: an agreement for each.

    Interest that is brought over was earned up to the cut-over; where there is none it is earned from the first day.
    """
    made = accounts.start_agreements(
        agreements=[AgreementIn(one.account, AgreementKind.DEPOSIT, one.paid_on) for one in deposits], by=by, at=at
    )
    drafts = []
    for agreement, one in zip(made, deposits, strict=True):
        legs = _held(agreement, one.amount, "deposit")
        drafts.append(Draft(f"opening:{agreement.pk}", "opening", one.paid_on, legs, accounting_on=on))
        if one.interest:
            earned = _held(agreement, one.interest, "deposit-interest")
            drafts.append(Draft(f"opening-interest:{agreement.pk}", "opening", on, earned))
    ledger.post_many(drafts=drafts, at=at, by=by)
    told = [
        Happening(
            "billing.balance.brought_forward", agreement.subject, agreement.account_id,
            {"cents": -(one.amount + one.interest).cents},
        )
        for agreement, one in zip(made, deposits, strict=True)
    ]  # fmt: skip
    record_many(told, by=by, at=at)
    return made


def _held(agreement: Agreement, amount: Money, component: str) -> tuple[Leg, ...]:
    code = agreement.type.control_code
    return (
        Leg(code, -amount, agreement.subledger_id, current=ZERO, component=component),
        Leg("conversion", amount, component="opening"),
    )


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
