"""What past bills would have been with other facts: the frozen segments priced again from what they keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.reading_tariffs import texts_of, versions_of
from lamplighter.billing.statement import bill_input, quantities
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.price import asks, price
from lamplighter.rating.refusals import CannotPrice


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A segment as it was billed, and as it would have been."""

    agreement: int
    period: Period
    billed: Money
    instead: Money

    @property
    def saved(self) -> Money:
        return self.billed - self.instead


def with_facts(agreements: Iterable[int], facts: Mapping[str, str], *, since: date) -> list[Otherwise]:
    """Live segments that end after `since`, in order of days, priced with `facts` in place of those they had.

    A segment whose rate asks for a measure that it did not keep is left out: its figure would be a guess. Two queries.
    """
    rows = list(
        Segment.objects.filter(
            agreement__in=list(agreements), cancelled_at__isnull=True, period__endswith__gt=since
        ).order_by("agreement", "period")
    )  # fmt: skip
    texts = texts_of(row.statement for row in rows)
    found = []
    for row in rows:
        kept = row.statement | {"facts": row.statement["facts"] | dict(facts)}
        versions, given = versions_of(kept, texts), bill_input(kept)
        try:
            priced = price(versions, given, quantities(kept, asks(versions, given)))
        except (CannotPrice, KeyError):
            continue
        found.append(Otherwise(row.agreement_id, row.period, row.total, priced.total))
    return found
