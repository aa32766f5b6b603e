"""Give a closed month to the finance system: two files, sealed by their digests."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.ledger.models import AccountingPeriod, PeriodExtract
from lamplighter.ledger.operations.periods import LOCK, CannotClose
from lamplighter.ledger.queries.closing import called, extract_files
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def extract_month(*, month: date, by: Actor, at: datetime) -> PeriodExtract:
    """The extract of a closed month. A month has one: asked again, it is the same."""
    advisory_lock(LOCK)
    period = AccountingPeriod.objects.filter(month=month.replace(day=1)).first()
    if period is None or period.closed_at is None:
        raise CannotClose(f"The books of {month:%B %Y} are open. Close them first: what went out must not change.")
    found = PeriodExtract.objects.filter(month=period).first()
    if found is not None:
        return found
    digests, codes = [], called()
    files = extract_files(period.month, codes)
    for data, ending, kind in zip(files, ("csv", "txt"), ("text/csv", "text/plain"), strict=True):
        name = f"general-ledger-{period}.{ending}"
        store_file([data], name=name, media_type=kind, by=by, at=at)
        digests.append(hashlib.sha256(data).hexdigest())
    made = PeriodExtract.objects.create(
        month=period, csv=digests[0], fixed=digests[1], codes=codes, recorded_at=at, recorded_by=by
    )
    record("ledger.month.extracted", subject=f"month:{period}", by=by, at=at, csv=digests[0], fixed=digests[1])
    return made
