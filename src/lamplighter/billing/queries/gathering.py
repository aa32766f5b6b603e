"""What many drafts stand on, read at once: facts by day, and the segments before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db import connection

from lamplighter.accounts.models import AgreementFact
from lamplighter.billing.canonical import Statement
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.kernel.periods import Period, days
from lamplighter.premises.queries import facts_of

if TYPE_CHECKING:
    from lamplighter.billing.queries.drafts import Occasion

Row = TypeVar("Row", AgreementFact, Segment)
RATES = """
SELECT agreement_id, schedule_id, rider, lower(period), upper(period) FROM accounts_agreementrate
WHERE agreement_id = ANY(%s::bigint[]) AND period && daterange(%s, %s) ORDER BY period
"""


class Rate(NamedTuple):
    """A rate, or a rider beside it, that an agreement is on during `period`."""

    schedule_id: str
    rider: bool
    period: Period


def rates_of(agreements: Collection[int], *, period: Period) -> dict[int, list[Rate]]:
    """The rates of agreements in a period, in order of days; one query."""
    found: dict[int, list[Rate]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RATES, [list(agreements), period.start, period.end])
        for agreement, schedule, rider, start, end in cursor.fetchall():
            found.setdefault(agreement, []).append(Rate(schedule, rider, days(start, end)))
    return found


def grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows by their agreement."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.agreement_id, []).append(row)
    return found


class Facts:
    """Facts of agreements and of their points, by the day on which they are asked: three queries for all."""

    def __init__(self, agreements: set[int], points: set[int], occasions: Sequence[Occasion]) -> None:
        self.points_by_day = {
            day: facts_of(points, on=day) for day in {occasion.period.last_day for occasion in occasions}
        }
        self.points = points
        self.rows = grouped(AgreementFact.objects.filter(agreement__in=agreements))

    def of(self, agreement: int, points: Sequence[int], day: date) -> dict[str, object]:
        """What the account tells on the last day of the bill; the agreement's own word counts before the point's."""
        if day not in self.points_by_day:  # a part of an occasion, cut by a change of rate
            self.points_by_day[day] = facts_of(self.points, on=day)
        told: dict[str, object] = {}
        for point in points:
            told |= self.points_by_day[day].get(point, {})
        return told | {row.name: row.value for row in self.rows.get(agreement, []) if day in row.period}


def before(
    agreements: set[int], occasions: Sequence[Occasion], instead: Mapping[int, Statement]
) -> dict[int, list[Segment]]:
    """Live segments of the last thirteen months, newest first: their peaks and banks."""
    first = months_before(min(o.month for o in occasions), 13)
    live = Segment.objects.filter(agreement__in=agreements, cancelled_at__isnull=True, month__gte=first)
    rows = list(live.only("agreement_id", "period", "month", "statement").order_by("-period"))
    for row in rows:
        row.statement = instead.get(row.pk, row.statement)
    return grouped(rows)


def since(earlier: Sequence[Segment], occasion: Occasion) -> date:
    """From when peaks are known. Months are those of billing: who came on 20 July and was first billed in August has
    none of July; who was here before any bill tells has them all, and what is not recorded is refused."""
    began = occasion.agreement.period.start
    first = earlier[-1] if earlier else occasion
    return first.month if first.period.start == began else began


def banks(earlier: Sequence[Segment], period: Period) -> dict[str, Decimal]:
    """Credits that the bill before carried forward."""
    last = next((s for s in earlier if s.period.closed_end <= period.start), None)
    return {} if last is None else {name: Decimal(value) for name, value in last.statement["banks"].items()}
