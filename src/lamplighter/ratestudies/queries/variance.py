"""Revenue by class and month beside its budget, and how much of the difference is volume and how much is price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from lamplighter.billing.models import Segment
from lamplighter.billing.rules import shifted_months
from lamplighter.kernel.money import Money
from lamplighter.ratestudies.models import RevenueBudget
from lamplighter.ratestudies.rules import split

NOTHING = (Decimal(0), Money(0))


@dataclass(frozen=True, slots=True)
class Variance:
    """A class's month. `volume` is what other use than budgeted is worth at the budgeted price of a kWh, `price` the
    rest; both together are the difference, to the cent."""

    month: date
    customer_class: str
    budget_kwh: Decimal
    kwh: Decimal
    budget: Money
    revenue: Money
    volume: Money

    @property
    def difference(self) -> Money:
        found: Money = self.revenue - self.budget
        return found

    @property
    def price(self) -> Money:
        found: Money = self.difference - self.volume
        return found


def newest_budget(year: int) -> RevenueBudget | None:
    return RevenueBudget.objects.filter(year=year).order_by("-pk").first()


def variances(budget: RevenueBudget, *, until: date) -> list[Variance]:
    """The months of a budget before `until`, by month and class; what was billed of a class that the budget forgot is
    held against nothing. Two queries."""
    lines = {(one.month, one.customer_class): one for one in budget.lines.filter(month__lt=until)}
    months = {month for month, _ in lines}
    if not months:
        return []
    billed = billed_by_class(min(months), min(shifted_months(max(months), 1), until))
    found = []
    for month, name in sorted({*lines, *(key for key in billed if key[0] in months)}):
        line = lines.get((month, name))
        planned, budget_of = (line.kwh, line.revenue) if line else NOTHING
        kwh, revenue = billed.get((month, name), NOTHING)
        volume = split(planned, budget_of, kwh)
        found.append(Variance(month, name, planned, kwh, budget_of, revenue, volume))
    return found


def billed_by_class(first: date, until: date) -> Mapping[tuple[date, str], tuple[Decimal, Money]]:
    """kWh and amounts of live bills by cycle month and class; one query."""
    rows = (
        Segment.objects.filter(cancelled_at__isnull=True, month__gte=first, month__lt=until)
        .order_by()
        .values_list("month", "agreement__account__customer_class")
        .annotate(used=Sum("kwh"), amount=Sum("total"))
    )
    return {
        (month, name): (kwh or Decimal(0), amount if isinstance(amount, Money) else Money(int(amount)))
        for month, name, kwh, amount in rows
    }
