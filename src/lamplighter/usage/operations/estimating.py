"""Estimate what is missing for a bill, once its window says that it goes out estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import Publication, RegisterRead
from lamplighter.usage.operations.gathering import Gathered
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.operations.registers import take_reads
from lamplighter.usage.queries.lacking import Days, estimates, missing_reads, stretches_of
from lamplighter.usage.queries.published import published


@dataclass(frozen=True, slots=True)
class Estimated:
    """Intervals and register reads that were estimated, and the revision that has the intervals."""

    intervals: int = 0
    reads: tuple[RegisterRead, ...] = ()
    publication: Publication | None = None


@in_transaction
def estimate_for_billing(*, several: Sequence[Days], by: Actor, at: datetime) -> Estimated:
    """Fill what these service days lack, marked as estimated: intervals by line, like days of the season and
    registers; register reads by average daily use. What has no basis stays missing, and the bill waits."""
    if not several:
        return Estimated()
    hold_store()
    found = stretches_of(several)
    gathered = Gathered()
    for weighed in estimates(found, published=published()):
        gathered.take(weighed)
    publication = gathered.publish(kind=Publication.Kind.VALIDATION, by=by, at=at)
    gathered.keep(publication=publication, by=by, at=at)
    recorded = take_reads(reads=missing_reads(found, published=published()), by=by, at=at)
    if publication is not None or recorded.new:
        told = (
            Happening(
                "usage.use.estimated", f"agreement:{days.agreement}", days.account,
                {"start": days.period.start.isoformat(), "end": days.period.closed_end.isoformat()},
            )
            for days in several
        )  # fmt: skip
        record_many(told, by=by, at=at)
    return Estimated(gathered.estimated, recorded.new, publication)
