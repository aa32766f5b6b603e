"""Bills beside what their contracts ask: those that were held to it, and those that are still to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.billing.models import Segment
from lamplighter.keyaccounts.models import Contract, Obligation, ObligationTest
from lamplighter.keyaccounts.rules import least_of


@dataclass(frozen=True, slots=True)
class Due:
    """A live bill to be held to an obligation, with what it came to and by how much that is less."""

    obligation: Obligation
    segment: Segment
    found: Decimal

    @property
    def short(self) -> Decimal:
        return max(self.least - self.found, Decimal(0))

    @property
    def least(self) -> Decimal:
        """What is promised for a bill of these days."""
        return least_of(self.obligation.least, self.segment.period.days)


def due_tests() -> list[Due]:
    """Live bills within an obligation's days that were not held to it yet."""
    obligations = list(Obligation.objects.select_related("contract").order_by("pk"))
    done = set(ObligationTest.objects.values_list("obligation", "segment"))
    bills: dict[int, list[Segment]] = {}
    rows = Segment.objects.filter(
        agreement__in={one.contract.agreement_id for one in obligations}, cancelled_at__isnull=True
    )
    for segment in rows.select_related("agreement").order_by("period"):
        bills.setdefault(segment.agreement_id, []).append(segment)
    return list(_due(obligations, bills, done))


def _due(
    obligations: Iterable[Obligation], bills: dict[int, list[Segment]], done: set[tuple[int, int]]
) -> Iterable[Due]:
    for obligation in obligations:
        for segment in bills.get(obligation.contract.agreement_id, ()):
            inside = segment.period.start in obligation.period and segment.period.last_day in obligation.period
            if inside and (obligation.pk, segment.pk) not in done:
                yield Due(obligation, segment, _found(obligation.measure, segment))


def _found(measure: str, segment: Segment) -> Decimal:
    return segment.total.dollars if measure == Obligation.Measure.DOLLARS else segment.kwh or Decimal(0)


def tests_of(contract: Contract) -> list[ObligationTest]:
    """The newest bill first."""
    rows = ObligationTest.objects.filter(obligation__contract=contract).select_related("obligation", "segment__bill")
    return list(rows.order_by("-segment__period", "obligation"))


def shortfalls(contract: Contract, *, since: date) -> list[ObligationTest]:
    """Live bills of its days since then that fell short, the newest first."""
    rows = ObligationTest.objects.filter(
        obligation__contract=contract,
        short__gt=0,
        segment__cancelled_at__isnull=True,
        segment__period__endswith__gt=since,
    )
    return list(rows.select_related("obligation", "segment").order_by("-segment__period"))
