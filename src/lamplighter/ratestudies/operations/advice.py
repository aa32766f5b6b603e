"""Keep what was found for every customer, in place of what was found before; note who was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.ratestudies.models import Advice


@in_transaction
def keep_advice(*, found: Sequence[Advice], by: Actor, at: datetime) -> int:
    """All of it anew. Who was told of the same rate before stays told."""
    advisory_lock("ratestudies.advice")
    told = {
        (row.agreement_id, row.best_schedule_id): row.told_at for row in Advice.objects.filter(told_at__isnull=False)
    }
    Advice.objects.all().delete()
    for row in found:
        row.told_at = told.get((row.agreement_id, row.best_schedule_id))
    Advice.objects.bulk_create(found, batch_size=2_000)
    better = sum(row.saving.cents > 0 for row in found)
    record("ratestudies.advice.found", subject="advice:all", by=by, at=at, customers=len(found), better=better)
    return len(found)


@in_transaction
def note_told(*, advice: Collection[int], by: Actor, at: datetime) -> int:
    """These customers were written to."""
    rows = Advice.objects.select_for_update(of=("self",)).filter(pk__in=advice).select_related("agreement")
    for row in rows:
        record(
            "ratestudies.advice.told", subject=row.agreement.subject, account=row.agreement.account_id, by=by, at=at,
            schedule=row.best_schedule_id, saving=row.saving.cents,
        )  # fmt: skip
    return Advice.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
