"""From which day the charges of frozen segments age: a correction's own charges keep the day of the first bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lamplighter.billing.models import Segment
from lamplighter.ledger.models import Posting


def ages_of(segments: Sequence[Segment]) -> dict[int, date]:
    """By segment, as the books have it; the day of its bill where it moved nothing. One query."""
    legs = Posting.objects.filter(entry__in=[one.entry_id for one in segments if one.entry_id], owed_on__isnull=False)
    booked = dict(legs.values_list("entry", "owed_on"))
    return {one.pk: booked.get(one.entry_id or 0) or one.bill.issued_on for one in segments}
