"""Keep what back-tests found, in place of what was found before for the same channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from lamplighter.intervals.estimation.scoring import Score
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import EstimationScore

MOST = Decimal("99999.9")  # of a channel that uses next to nothing, an error in percent says no more


@in_transaction
def keep_scores(*, channels: Collection[int], found: Sequence[Score], at: datetime) -> int:
    EstimationScore.objects.filter(channel__in=channels).delete()
    rows = [
        EstimationScore(
            channel_id=one.channel, hours=one.hours, method=str(one.choice), trials=one.trials,
            error=min(Decimal(str(one.error)), MOST), band=min(Decimal(str(one.band)), MOST), best=one.best,
            scored_at=at,
        )
        for one in found
    ]  # fmt: skip
    return len(EstimationScore.objects.bulk_create(rows, batch_size=5_000))
