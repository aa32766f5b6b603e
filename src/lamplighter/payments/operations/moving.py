"""Move a payment to the account that it was meant for."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments import rules
from lamplighter.payments.models import Payment, Reversal, Transfer
from lamplighter.payments.operations.posting import excess_credit
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def move_payment(
    *, payment: Payment, to: Account, amount: Money, on: date, by: Actor, at: datetime, remark: str = ""
) -> Transfer:
    """Take so much of a payment from its account, where debts come back at their own age, and pay `to` with it by rule.

    The drawer keeps what it has: no tender moves.
    """
    advisory_lock(f"payment_event:{payment.event_id}")
    advisory_lock(f"account:{payment.account_id}", f"account:{to.pk}")
    _refuse(payment, to, amount)
    number = payment.transfers.count()
    back = [
        Leg(agreement.type.control_code, share, agreement.subledger_id, component="moved")
        for agreement, share in _taken_from(payment, amount)
    ]
    source = f"payment:{payment.event.receipt}:{to.pk}:moved:{payment.pk}-{number}"
    legs = (*back, *paid_legs(to, amount, on=on, by=by, at=at))
    entry = ledger.post(draft=Draft(source, "payment", on, legs), at=at, by=by)
    moved = Transfer.objects.create(
        payment=payment, to=to, amount=amount, entry_id=entry, moved_on=on, recorded_at=at, recorded_by=by
    )
    for account, other, way in ((payment.account, to, "to"), (to, payment.account, "from")):
        record(
            "payments.payment.moved", subject=payment.event.subject, account=account.pk, by=by, at=at, remark=remark,
            cents=amount.cents, receipt=payment.event.receipt, way=way, other=other.number,
        )  # fmt: skip
    return moved


def left_of(payment: Payment) -> Money:
    """What of a payment still stands on its own account."""
    left: Money = payment.amount - total(moved.amount for moved in payment.transfers.all())
    return left


def _refuse(payment: Payment, to: Account, amount: Money) -> None:
    if to.pk == payment.account_id:
        raise CannotTake("It is on that account already.")
    if Reversal.objects.filter(event=payment.event_id).exists():
        raise CannotTake("This payment was taken back. There is nothing to move.")
    if not ZERO < amount <= left_of(payment):
        raise CannotTake(f"Of this payment {left_of(payment)} can be moved.")


def _taken_from(payment: Payment, amount: Money) -> list[tuple[Agreement, Money]]:
    """From a credit first, then from what is paid last by rule."""
    segments = sorted(
        payment.segments.select_related("agreement"), key=lambda one: (-one.agreement.type.priority, -one.agreement_id)
    )
    entries = payment.transfers.values("entry")
    gone: dict[int, Money] = {}
    for subledger, cents in Posting.objects.filter(entry__in=entries, component="moved").values_list(
        "subledger", "payoff"
    ):
        gone[subledger] = gone.get(subledger, ZERO) + cents
    found, left = [], amount
    for segment in segments:
        share = min(left, segment.amount - gone.get(segment.agreement.subledger_id, ZERO))
        if share.cents > 0:
            found.append((segment.agreement, share))
            left -= share
    assert not left, "a payment is the sum of its segments"
    return found


def paid_legs(to: Account, amount: Money, *, on: date, by: Actor, at: datetime) -> list[Leg]:
    """So much paid to an account by rule, with what is too much on its credit: the customer's side of an entry."""
    shares, left = rules.distribute(amount, owed_by(to))
    agreements = Agreement.objects.in_bulk(shares)
    if left.cents > 0:
        excess = excess_credit(to, on=on, by=by, at=at)
        agreements[excess.pk], shares[excess.pk] = excess, left
    return [
        Leg(agreements[pk].type.control_code, -share, agreements[pk].subledger_id, component="moved-in")
        for pk, share in shares.items()
    ]
