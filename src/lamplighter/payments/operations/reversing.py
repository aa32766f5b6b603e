"""Undo payment events by second entries."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry, Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.cash.chain import says_reversed
from lamplighter.payments.models import JournalLine, Payment, PaymentEvent, Reversal, TenderControl
from lamplighter.payments.operations.journaling import write_lines
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

RETURNED_ITEMS = "returned-items"


@in_transaction
def reverse_event(*, event: PaymentEvent, reason: str, on: date, by: Actor, at: datetime, remark: str = "") -> Reversal:
    """Undo an event as a whole. Debts come back at their own age. Locks the drawer, so that it is not counted
    meanwhile, then the accounts, as posting does.

    What the bank returned has left its drawer: the money is missing at the bank. Every other reason takes the money
    out of its drawer again, and is refused once that is counted.
    """
    advisory_lock(f"payment_event:{event.pk}")
    controls = TenderControl.objects.filter(pk__in=event.tenders.values("control"))
    locked = list(controls.select_for_update().order_by("pk"))
    closed = [one for one in locked if one.state != TenderControl.State.OPEN]
    payments = list(event.payments.select_related("entry").prefetch_related("transfers__entry"))
    touched = {payment.account_id for payment in payments}
    touched |= {moved.to_id for payment in payments for moved in payment.transfers.all()}
    advisory_lock(*(f"account:{pk}" for pk in touched))
    if Reversal.objects.filter(event=event).exists():
        raise CannotTake(f"{event} was reversed already.")
    if closed and reason != Reversal.Reason.RETURNED:
        raise CannotTake(
            "Its drawer is counted with this money in it. Move the payment to the right account, or refund it."
        )
    reversal = Reversal.objects.create(event=event, reason=reason, reversed_on=on, recorded_at=at, recorded_by=by)
    if reason != Reversal.Reason.RETURNED:
        for one in locked:
            write_lines(control=one, lines=[(JournalLine.Act.REVERSED, reversal.pk, says_reversed(reversal))])
    for payment in payments:
        _undo(payment, reason, on=on, by=by, at=at)
        record(
            "payments.payment.reversed", subject=event.subject, account=payment.account_id, by=by, at=at,
            reason=reason, cents=payment.amount.cents, receipt=event.receipt, remark=remark,
        )  # fmt: skip
    return reversal


def _undo(payment: Payment, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """What was moved goes back first, then the payment itself."""
    for moved in payment.transfers.all():
        ledger.reverse(
            entry=moved.entry, source=f"reversal:{moved.entry.source}", effective_on=on, accounting_on=on, at=at, by=by
        )
    source = f"reversal:{payment.entry.source}"
    if reason == Reversal.Reason.RETURNED:
        ledger.post(draft=_returned(payment.entry, source, on), at=at, by=by)
    else:
        ledger.reverse(entry=payment.entry, source=source, effective_on=on, accounting_on=on, at=at, by=by)


def _returned(entry: Entry, source: str, on: date) -> Draft:
    """The opposite for the customer; against what is missing at the bank, not against the drawer."""
    postings = Posting.objects.filter(entry=entry).order_by("id")
    legs = tuple(
        Leg(p.code_id if p.subledger_id else RETURNED_ITEMS, -p.payoff, p.subledger_id,
            -p.current if p.subledger_id else None, p.owed_on, p.component)
        for p in postings
    )  # fmt: skip
    return Draft(source, f"{entry.kind}-reversal", on, legs, on, reverses=entry.pk)
