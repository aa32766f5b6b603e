"""Deposits as money: ask for one, take the asking back, add interest, apply it to debts, hand it over as a credit.

A deposit stands on an agreement of its own kind. Asked for, it moves only what is asked for now (current); paid, the
utility owes it (payoff below zero); applied or released, that debt of the utility is gone. Who must give one, how much
and when it goes back is policy, decided in `credit`; docs/algorithms/deposits.md has the figures.
"""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.queries.deposits import DepositStanding, deposit_of
from lamplighter.billing.relief import relieved
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import balances
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

INTEREST = "interest-on-deposits"


@in_transaction
def charge_deposit(
    *, account: Account, amount: Money, source: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Adjustment:
    """Ask for a deposit: it is due now, and nothing is earned by it. `source` asks once."""
    _more_than_nothing(amount)
    advisory_lock(f"account:{account.pk}")
    agreement = _running(account, AgreementKind.DEPOSIT, on=on, by=by, at=at)
    legs = (Leg("deposits", ZERO, agreement.subledger_id, current=amount, owed_on=on, component="deposit"),)
    return _post(agreement, "Deposit", amount, legs, f"deposit:{source}", on=on, by=by, at=at, remark=remark)


@in_transaction
def waive_deposit(
    *, account: Account, amount: Money, source: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Adjustment:
    """Take back the asking for what was not paid of a deposit."""
    _more_than_nothing(amount)
    advisory_lock(f"account:{account.pk}")
    agreement, standing = _held(account)
    if amount > standing.asked:
        raise CannotBill("billing.deposit", f"Only {standing.asked} of the deposit is still asked for.")
    legs = (Leg("deposits", ZERO, agreement.subledger_id, current=-amount, component="deposit"),)
    words = "Deposit no longer asked for"
    return _post(agreement, words, -amount, legs, f"deposit-waived:{source}", on=on, by=by, at=at, remark=remark)


@in_transaction
def add_interest(*, account: Account, amount: Money, source: str, on: date, by: Actor, at: datetime) -> Adjustment:
    """What the deposit earned: the utility owes so much more; nothing is asked for."""
    _more_than_nothing(amount)
    advisory_lock(f"account:{account.pk}")
    agreement, _ = _held(account)
    legs = (
        Leg("deposits", -amount, agreement.subledger_id, current=ZERO, component="deposit-interest"),
        Leg(INTEREST, amount, component="deposit-interest"),
    )
    words = f"Interest on deposit, {amount}"
    return _post(agreement, words, ZERO, legs, f"deposit-interest:{source}", on=on, by=by, at=at)


@in_transaction
def apply_deposit(
    *, account: Account, to: Agreement, amount: Money, source: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Adjustment:
    """Pay a debt of the account with its deposit. No more than is held, and no more than `to` owes."""
    _more_than_nothing(amount)
    assert to.account_id == account.pk, "a deposit pays its own account's debts"
    owes = balances([to.subledger_id])[to.subledger_id].current
    if amount > owes:
        raise CannotBill("billing.deposit", f"{to.type.label} owes {owes}. Give the rest back instead.")
    words = f"Deposit applied to {to.type.label.lower()}"
    return _move(account, to, amount, words, f"deposit-applied:{source}", on=on, by=by, at=at, remark=remark)


@in_transaction
def release_deposit(
    *, account: Account, amount: Money, source: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Adjustment:
    """Hand a deposit back as a credit on the account, which the next bill uses or a refund pays out."""
    _more_than_nothing(amount)
    advisory_lock(f"account:{account.pk}")
    to = _running(account, AgreementKind.EXCESS_CREDIT, on=on, by=by, at=at)
    words = "Deposit given back"
    return _move(account, to, amount, words, f"deposit-released:{source}", on=on, by=by, at=at, remark=remark)


def _move(
    account: Account, to: Agreement, amount: Money, words: str, source: str, *, on: date, by: Actor, at: datetime,
    remark: str,
) -> Adjustment:  # fmt: skip
    advisory_lock(f"account:{account.pk}")
    agreement, standing = _held(account)
    if amount > standing.held:
        raise CannotBill("billing.deposit", f"The deposit that is held is {standing.held}.")
    legs = (
        Leg("deposits", amount, agreement.subledger_id, current=ZERO, component="deposit"),
        Leg(to.type.control_code, -amount, to.subledger_id, component="deposit"),
    )
    made = _post(to, words, -amount, legs, source, on=on, by=by, at=at, remark=remark)
    relieved(account, on=on, by=by, at=at)
    return made


def _held(account: Account) -> tuple[Agreement, DepositStanding]:
    standing = deposit_of(account)
    if standing is None:
        raise CannotBill("billing.deposit", f"Account {account.number} has no deposit.")
    return standing.agreement, standing


def _running(account: Account, kind: AgreementKind, *, on: date, by: Actor, at: datetime) -> Agreement:
    found = account.agreements.filter(kind=kind, period__endswith__isnull=True).first()
    return found or accounts.start_agreement(account=account, kind=kind, on=on, by=by, at=at)


def _post(
    agreement: Agreement, label: str, moved: Money, legs: tuple[Leg, ...], source: str, *, on: date, by: Actor,
    at: datetime, remark: str = "",
) -> Adjustment:  # fmt: skip
    """`moved` is what is asked for more, or less, as the bill says it."""
    entry = ledger.post(draft=Draft(source, "adjustment", on, legs), at=at, by=by)
    made = Adjustment.objects.create(
        agreement=agreement, kind=Adjustment.Kind.DEPOSIT, label=label, amount=moved, effective_on=on, entry_id=entry,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    record(
        "billing.adjustment.made", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
        remark=remark, kind=made.kind, label=label, cents=moved.cents,
    )  # fmt: skip
    return made


def _more_than_nothing(amount: Money) -> None:
    if amount.cents <= 0:
        raise CannotBill("billing.deposit", "Enter more than $0.00.")
