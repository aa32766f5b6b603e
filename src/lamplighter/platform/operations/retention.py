"""Set the retention schedule, and erase what it says: reasons and notes of what happened, and what rows were before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import PastRow, Remark, RetentionTerms
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

SERIES = ("notices", "messages", "households", "reasons", "history")
ERASED = "platform.retention.erased"
LEAST, MOST = 2, 99


class CannotRetain(Exception):
    """A retention schedule is refused; the message says why, for the administrator."""


@in_transaction
def set_terms(*, years: Mapping[str, int | None], citation: str, on: date, by: Actor, at: datetime) -> RetentionTerms:
    """From `on`, each of `SERIES` is kept for so many years (None: for ever); what held before ends there."""
    for kept in years.values():
        if kept is not None and not LEAST <= kept <= MOST:
            raise CannotRetain(
                f"Records are kept for {LEAST} to {MOST} years, or for ever, not for {kept}. Two years are the least "
                "that a city in California may set (Government Code § 34090)."
            )
    if not citation.strip():
        raise CannotRetain("Name the resolution that adopted the schedule.")
    advisory_lock("retention")
    if RetentionTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotRetain(f"A schedule from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in RetentionTerms.objects.filter(period__contains=on):
        RetentionTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    every = {name: years.get(name) for name in SERIES}
    row = RetentionTerms.objects.create(period=Period(on), citation=citation.strip()[:200], set_by=by, **every)
    record("platform.retention.set", subject="retention:schedule", by=by, at=at, start=on.isoformat(), years=every)
    return row


@in_transaction
def erase_remarks(*, remarks: Collection[int], at: datetime) -> int:
    """Take the words away; how many. What they explained stays."""
    return Remark.objects.filter(pk__in=remarks, erased_at__isnull=True).update(words="", erased_at=at)


@in_transaction
def erase_history(*, rows: Collection[int]) -> int:
    """Forget these past states; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lamplighter.retention', 'on', true)")
        count, _ = PastRow.objects.filter(pk__in=rows).delete()
        cursor.execute("SELECT set_config('lamplighter.retention', 'off', true)")
    return count


@in_transaction
def keep_erasure(*, series: str, count: int, by: Actor, at: datetime) -> None:
    """That so many records of one of `SERIES` were erased."""
    record(ERASED, subject=f"retention:{series}", by=by, at=at, count=count)
