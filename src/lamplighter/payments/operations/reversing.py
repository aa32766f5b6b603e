"""Undo payment events by second entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry, Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.cash.chain import says_reversed
from lamplighter.payments.models import JournalLine, Payment, PaymentEvent, ReturnedTender, Reversal, TenderControl
from lamplighter.payments.operations.journaling import write_lines
from lamplighter.payments.operations.moving import left_of, paid_legs
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

RETURNED_ITEMS = "returned-items"


@in_transaction
def reverse_event(
    *, event: PaymentEvent, reason: str, on: date, by: Actor, at: datetime, remark: str = "",
    returned: Collection[int] = (),
) -> Reversal:  # fmt: skip
    """Undo an event as a whole. Debts come back at their own age. Locks the drawer, so that it is not counted
    meanwhile, then the accounts, as posting does.

    What the bank returned has left its drawer: the money is missing at the bank. Of an event with several tenders
    `returned` says which (by key; all, unless said); what the others are worth is paid again, by rule, where the
    money stood. Every other reason takes the money out of its drawer again, and is refused once that is counted.
    """
    advisory_lock(f"payment_event:{event.pk}")
    controls = TenderControl.objects.filter(pk__in=event.tenders.values("control"))
    locked = list(controls.select_for_update().order_by("pk"))
    closed = [one for one in locked if one.state != TenderControl.State.OPEN]
    rows = event.payments.select_related("entry", "account").prefetch_related("transfers__entry")
    payments = list(rows.order_by("id"))
    stood = [each for payment in payments for each in _standing(payment)]
    advisory_lock(*(f"account:{account.pk}" for _, account, _ in stood))
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
    good = _good(reversal, returned) if reason == Reversal.Reason.RETURNED else ZERO
    for (payment, account, amount), kept in zip(stood, _kept(stood, good), strict=True):
        if kept:
            _pay_again(payment, account, kept, on=on, by=by, at=at)
        if amount != kept:
            record(
                "payments.payment.reversed", subject=event.subject, account=account.pk, by=by, at=at, reason=reason,
                cents=(amount - kept).cents, receipt=event.receipt, remark=remark,
            )  # fmt: skip
    return reversal


def _standing(payment: Payment) -> list[tuple[Payment, Account, Money]]:
    """Where the money of a payment stands: on its account, and where parts of it were moved."""
    places: dict[Account, Money] = {payment.account: left_of(payment)}
    for moved in payment.transfers.select_related("to").order_by("pk"):
        places[moved.to] = places.get(moved.to, ZERO) + moved.amount
    return [(payment, account, amount) for account, amount in places.items() if amount]


def _good(reversal: Reversal, returned: Collection[int]) -> Money:
    """Keep which tenders came back; what the others are worth."""
    rows = list(reversal.event.tenders.all())
    back = [row for row in rows if not returned or row.pk in returned]
    assert set(returned) <= {row.pk for row in rows}, "what came back is of this event"
    ReturnedTender.objects.bulk_create(ReturnedTender(tender=row, reversal=reversal) for row in back)
    return total(row.amount for row in rows if row not in back)


def _kept(stood: Sequence[tuple[Payment, Account, Money]], good: Money) -> list[Money]:
    """What of each stays paid: what is good is used up in order."""
    found = []
    for _, _, amount in stood:
        kept = min(amount, good)
        good -= kept
        found.append(kept)
    return found


def _pay_again(payment: Payment, account: Account, kept: Money, *, on: date, by: Actor, at: datetime) -> None:
    legs = (Leg(RETURNED_ITEMS, kept), *paid_legs(account, kept, on=on, by=by, at=at))
    source = f"kept:{payment.entry.source}:{account.pk}"
    ledger.post(draft=Draft(source, "payment", on, legs), at=at, by=by)


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
