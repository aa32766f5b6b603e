"""Cancel frozen segments by a second entry; ask for days to be billed again."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.billing.kinds import REBILL
from lamplighter.billing.models import RebillRequest, Segment
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items


@in_transaction
def cancel(*, segment: Segment, reason: str, on: date, accounting_on: date, by: Actor, at: datetime) -> Segment:
    """Take a frozen segment back whole: its entry is reversed at its own age, and it stays as it was."""
    live = Segment.objects.select_for_update(of=("self",)).select_related("bill", "entry").get(pk=segment.pk)
    if not live.live:
        raise CannotBill("billing.cancelled", f"These charges were cancelled on {live.cancelled_at:%b %-d, %Y}.")
    reversal = None
    if live.entry is not None:
        reversal = ledger.reverse(
            entry=live.entry, source=f"cancel:{live.entry.source}", effective_on=on, accounting_on=accounting_on, at=at,
            by=by,
        )  # fmt: skip
    Segment.objects.filter(pk=live.pk).update(
        cancelled_at=at, cancelled_by=by, cancel_reason=reason, cancel_entry_id=reversal
    )
    record(
        "billing.segment.cancelled", subject=live.bill.subject, account=live.bill.account_id, by=by, at=at,
        reason=reason, cents=live.total.cents, start=live.period.start.isoformat(),
        end=live.period.closed_end.isoformat(),
    )  # fmt: skip
    live.refresh_from_db()
    return live


@in_transaction
def ask_rebill(
    *, agreement: Agreement, period: Period, reason: str, cause: str, by: Actor, at: datetime
) -> RebillRequest | None:
    """Something changed for these days. Nothing is asked when none of them was billed; the same cause asks once."""
    if not Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True, period__overlap=period).exists():
        return None
    request, new = RebillRequest.objects.get_or_create(
        agreement=agreement, cause=cause, state=RebillRequest.State.WAITING,
        defaults={"period": period, "reason": reason, "asked_at": at, "asked_by": by},
    )  # fmt: skip
    if new:
        record(
            "billing.rebill.asked", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
            reason=reason, cause=cause, start=period.start.isoformat(),
        )  # fmt: skip
        matter = Draft(
            REBILL.key, agreement.subject, f"{reason}: from {period.start:%b %-d, %Y}", account=agreement.account_id,
            data={"request": request.pk},
        )  # fmt: skip
        raise_items(drafts=[matter], by=by, at=at)
    return request


@in_transaction
def settle_rebill(*, request: RebillRequest, state: str, difference: Money | None, by: Actor, at: datetime) -> None:
    """What became of a request: billed again, too small, too old, dismissed."""
    RebillRequest.objects.filter(pk=request.pk).update(state=state, difference=difference, settled_at=at, settled_by=by)
    waiting = RebillRequest.objects.filter(agreement=request.agreement, state=RebillRequest.State.WAITING)
    if not waiting.exists():
        finish_where(subjects=[request.agreement.subject], kind=REBILL.key, by=by, at=at)
    record(
        "billing.rebill.settled", subject=request.agreement.subject, account=request.agreement.account_id, by=by,
        at=at, state=state, reason=request.reason, cents=difference.cents if difference is not None else None,
    )  # fmt: skip
