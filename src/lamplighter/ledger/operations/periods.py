"""Close and reopen accounting months."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.ledger.models import AccountingPeriod, PeriodExtract
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

LOCK = "ledger.periods"


class CannotClose(Exception):
    """A month can't be closed, opened again or given out; the message is fit to be read aloud."""


@in_transaction
def close_month(*, month: date, by: Actor, at: datetime) -> AccountingPeriod:
    """Refuse further entries in a month. Closing a closed month changes nothing."""
    advisory_lock(LOCK)
    period, _ = AccountingPeriod.objects.get_or_create(month=month.replace(day=1))
    if period.closed_at is None:
        AccountingPeriod.objects.filter(pk=period.pk).update(closed_at=at, closed_by=by)
        record("ledger.month.closed", subject=f"month:{period}", by=by, at=at)
    period.refresh_from_db()
    return period


@in_transaction
def reopen_month(*, month: date, by: Actor, at: datetime, remark: str) -> None:
    """Take entries in a closed month again; why is kept. One that finance has got stays closed."""
    advisory_lock(LOCK)
    if not remark.strip():
        raise CannotClose("Say why it is opened again.")
    if PeriodExtract.objects.filter(month=month.replace(day=1)).exists():
        raise CannotClose(f"The books of {month:%B %Y} went to finance. Correct them in a month that is open.")
    changed = AccountingPeriod.objects.filter(month=month.replace(day=1), closed_at__isnull=False).update(
        closed_at=None, closed_by=None
    )
    if changed:
        record("ledger.month.reopened", subject=f"month:{month:%Y-%m}", by=by, at=at, remark=remark)
