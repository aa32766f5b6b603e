"""Put a hardship on file once a second person accepted it, and end it before its day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Hardship
from lamplighter.credit.rules.hardship import CannotEase, Cause
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def begin_hardship(
    *, account: Account, cause: Cause, evidence: str, paper: StoredFile | None, period: Period, asked_by: Actor,
    by: Actor, at: datetime,
) -> Hardship:  # fmt: skip
    """`by` has reviewed what `asked_by` wrote down. Raises CannotEase where one holds in these days."""
    advisory_lock(f"account:{account.pk}")
    try:
        with transaction.atomic():
            made = Hardship.objects.create(
                account=account, cause=cause.value, evidence=evidence, paper=paper, period=period, asked_by=asked_by,
                reviewed_at=at, reviewed_by=by,
            )  # fmt: skip
    except IntegrityError as refused:
        raise CannotEase("A hardship is on file for some of these days already.") from refused
    record(
        "credit.hardship.begun", subject=made.subject, account=account.pk, by=by, at=at, cause=cause.value,
        until=period.last_day.isoformat(),
    )  # fmt: skip
    return made


@in_transaction
def end_hardship(*, hardship: Hardship, on: date, by: Actor, at: datetime, remark: str) -> Hardship:
    """`on` is the first day without it. Raises CannotEase."""
    live = Hardship.objects.select_for_update(of=("self",)).get(pk=hardship.pk)
    if not live.period.start < on < live.period.closed_end:
        raise CannotEase(f"It holds to {live.period.last_day:%b %-d, %Y}. Choose a day from tomorrow until then.")
    live.period, live.ended_at, live.ended_by = live.period.ending(on), at, by
    live.save(update_fields=["period", "ended_at", "ended_by"])
    record(
        "credit.hardship.ended", subject=live.subject, account=live.account_id, by=by, at=at, remark=remark,
        on=on.isoformat(),
    )  # fmt: skip
    return live
