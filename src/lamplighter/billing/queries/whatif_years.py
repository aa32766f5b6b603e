"""The bills of a past year as they were issued: what every what-if begins with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Func, JSONField

from lamplighter.billing.canonical import Statement
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Billed:
    """A live segment: its days, the month of its cycle, what it used and came to; `riders` are SHA-256 of texts."""

    segment: int
    agreement: int
    period: Period
    month: date
    schedule: str
    kwh: Decimal
    total: Money
    estimated_kwh: Decimal
    method: str
    riders: tuple[str, ...]
    statement: Statement

    def told(self) -> dict[tuple[str, str, str], Decimal]:
        """Every quantity that it kept, by determinant and days."""
        return {(row["determinant"], *row["period"]): Decimal(row["value"]) for row in self.statement["determinants"]}


def billed(agreements: Collection[int], *, until: date, months: int) -> dict[int, list[Billed]]:
    """Live segments of the `months` cycle months before `until` (the first of a month), oldest first; one query."""
    found: dict[int, list[Billed]] = {agreement: [] for agreement in agreements}
    rows = (
        Segment.objects.filter(
            agreement__in=agreements, cancelled_at__isnull=True, month__gte=months_before(until, months),
            month__lt=until,
        )
        .annotate(kept=WithoutLines("statement", output_field=JSONField()))
        .only("pk", "agreement_id", "period", "month", "schedule", "kwh", "total")
        .order_by("agreement", "period")
    )  # fmt: skip
    for row in rows:
        found[row.agreement_id].append(_billed(row, row.kept))
    return found


class WithoutLines(Func):
    """A statement but for its lines, which are most of it."""

    template = "(%(expressions)s::jsonb - 'lines')"


def _billed(row: Segment, kept: Statement) -> Billed:
    return Billed(
        segment=row.pk,
        agreement=row.agreement_id,
        period=row.period,
        month=row.month,
        schedule=row.schedule,
        kwh=row.kwh or Decimal(0),
        total=row.total,
        estimated_kwh=Decimal(kept["usage"]["estimated_kwh"]),
        method=kept["usage"]["method"],
        riders=tuple(one["sha256"] for one in kept["tariffs"] if one["rider"]),
        statement=kept,
    )
