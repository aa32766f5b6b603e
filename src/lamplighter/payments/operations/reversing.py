"""Undo payment events by second entries."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.ledger import operations as ledger
from lamplighter.payments.models import PaymentEvent, Reversal, TenderControl
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def reverse_event(*, event: PaymentEvent, reason: str, on: date, by: Actor, at: datetime, remark: str = "") -> Reversal:
    """Undo an event as a whole. Debts come back at their own age. Locks the drawer, so that it is not counted
    meanwhile, then the accounts, as posting does."""
    advisory_lock(f"payment_event:{event.pk}")
    controls = TenderControl.objects.filter(pk__in=event.tenders.values("control"))
    list(controls.select_for_update().order_by("pk"))
    advisory_lock(*(f"account:{pk}" for pk in event.payments.values_list("account", flat=True)))
    if Reversal.objects.filter(event=event).exists():
        raise CannotTake(f"{event} was reversed already.")
    reversal = Reversal.objects.create(event=event, reason=reason, reversed_on=on, recorded_at=at, recorded_by=by)
    for payment in event.payments.select_related("entry"):
        ledger.reverse(
            entry=payment.entry, source=f"reversal:{payment.entry.source}", effective_on=on, accounting_on=on, at=at,
            by=by,
        )  # fmt: skip
        record(
            "payments.payment.reversed", subject=event.subject, account=payment.account_id, by=by, at=at,
            reason=reason, cents=payment.amount.cents, receipt=event.receipt, remark=remark,
        )  # fmt: skip
    return reversal
