"""From whom only cash is taken, for a period and with a reason."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import CashOnly
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def begin_cash_only(*, account: Account, period: Period, reason: str, by: Actor, at: datetime) -> CashOnly:
    """From now on no checks; a restriction that runs is made longer instead of doubled."""
    advisory_lock(f"cash_only:{account.pk}")
    running = CashOnly.objects.filter(account=account, period__overlap=period).first()
    if running:
        ends = None if running.period.end is None or period.end is None else max(running.period.end, period.end)
        running.period, running.reason = Period(running.period.start, ends), reason
        running.save(update_fields=["period", "reason"])
    else:
        running = CashOnly.objects.create(account=account, period=period, reason=reason, begun_by=by)
    record(
        "payments.cash_only.begun", subject=account.subject, account=account.pk, by=by, at=at, reason=reason,
        until=running.period.end.isoformat() if running.period.end else None,
    )  # fmt: skip
    return running


@in_transaction
def end_cash_only(*, account: Account, on: date, by: Actor, at: datetime, remark: str) -> None:
    """Checks are taken again from `on`; why is kept."""
    if not remark.strip():
        raise CannotTake("Say why checks are taken again.")
    advisory_lock(f"cash_only:{account.pk}")
    running = CashOnly.objects.filter(account=account, period__contains=on).first()
    if running is None:
        raise CannotTake("This account may pay by check.")
    running.ended_by = by
    if running.period.start == on:
        running.delete()
    else:
        running.period = running.period.ending(on)
        running.save(update_fields=["period", "ended_by"])
    record("payments.cash_only.ended", subject=account.subject, account=account.pk, by=by, at=at, remark=remark)
