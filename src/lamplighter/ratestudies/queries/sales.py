"""What was billed by class and month, at which weather; and the months to come, at the weather of a normal year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Count, Sum

from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before, shifted_months
from lamplighter.kernel.periods import Period
from lamplighter.ratestudies.forecasting import COOLS_ABOVE, HEATS_BELOW, Month, TooShort
from lamplighter.usage.queries.weather import mean_temperatures

BACK, YEAR = 60, 12
YEARS_OF_WEATHER = 10
KNOWN = 0.9
"""So much of a month's days must have a temperature."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of some bills of a month, and how many bills are for just these days."""

    period: Period
    bills: int


@dataclass(frozen=True, slots=True)
class Sold:
    """The past of a class: its months, oldest first, and the days that each month's bills are for."""

    months: tuple[Month, ...]
    days: dict[date, tuple[Days, ...]]


class Degrees:
    """Degrees too cold and too hot of every day that a station told."""

    def __init__(self, days: Period) -> None:
        self.first = days.start
        mean = mean_temperatures(days)
        known = ~np.isnan(mean)
        heat, cool = np.maximum(HEATS_BELOW - mean, 0), np.maximum(mean - COOLS_ABOVE, 0)
        self.sums = [np.concatenate([[0.0], np.cumsum(np.where(known, one, 0.0))]) for one in (heat, cool)]
        self.count = np.concatenate([[0], np.cumsum(known)])

    def over(self, period: Period) -> tuple[float, float] | None:
        """The mean of a period; None where too few of its days are known."""
        low, high = ((day - self.first).days for day in (period.start, period.closed_end))
        if low < 0 or high >= len(self.count):
            return None
        known = self.count[high] - self.count[low]
        if known < KNOWN * period.days:
            return None
        heat, cool = (float(one[high] - one[low]) / known for one in self.sums)
        return heat, cool


def degrees_until(until: date) -> Degrees:
    """Of every year that a normal year is made of."""
    return Degrees(Period(months_before(until, 12 * YEARS_OF_WEATHER + 3), until + timedelta(days=62)))


def sold(*, until: date, degrees: Degrees) -> dict[str, Sold]:
    """By class of customer, the live bills of the cycle months before `until`; one query. Raises TooShort where the
    weather of a month is not known."""
    rows = (
        Segment.objects.filter(cancelled_at__isnull=True, month__lt=until, month__gte=months_before(until, BACK))
        .order_by()
        .values_list("agreement__account__customer_class", "month", "period")
        .annotate(used=Sum("kwh"), bills=Count("pk"))
    )
    days: dict[str, dict[date, list[Days]]] = defaultdict(lambda: defaultdict(list))
    used: dict[tuple[str, date], float] = defaultdict(float)
    for customer_class, month, period, kwh, bills in rows:
        days[customer_class][month].append(Days(period, bills))
        used[customer_class, month] += float(kwh or 0)
    found = {}
    for customer_class, by_month in sorted(days.items()):
        months = [_month(month, by_month[month], degrees, used[customer_class, month]) for month in sorted(by_month)]
        found[customer_class] = Sold(tuple(months), {month: tuple(each) for month, each in by_month.items()})
    return found


def coming(past: Sold, *, first: date, degrees: Degrees) -> tuple[list[Month], int]:
    """The twelve months from `first`: the bills of the year before, at the mean weather of the years that are known
    for their days; and how many years those are at least. Raises TooShort where a month of that year was not billed.
    """
    made, years = [], YEARS_OF_WEATHER
    for at in range(YEAR):
        month = shifted_months(first, at)
        last = past.days.get(months_before(month, YEAR))
        if not last:
            raise TooShort(f"Nothing was billed for {months_before(month, YEAR):%B %Y}: a forecast repeats a year.")
        normal = [one for back in range(YEARS_OF_WEATHER) if (one := _weather(last, degrees, back)) is not None]
        years = min(years, len(normal))
        heat, cool = (sum(one[i] for one in normal) / len(normal) for i in (0, 1))
        made.append(Month(month, float(sum(one.period.days * one.bills for one in last)), heat, cool))
    return made, years


def _month(month: date, each: Sequence[Days], degrees: Degrees, kwh: float) -> Month:
    weather = _weather(each, degrees, 0)
    if weather is None:
        raise TooShort(f"The temperatures of {month:%B %Y} are not known: take them in with `lamplighter weather`.")
    return Month(month, float(sum(one.period.days * one.bills for one in each)), *weather, kwh)


def _weather(each: Sequence[Days], degrees: Degrees, back: int) -> tuple[float, float] | None:
    """Mean degrees of these days so many years earlier, by how many bills each day is on."""
    whole, heat, cool = 0.0, 0.0, 0.0
    for one in each:
        found = degrees.over(_years_before(one.period, back))
        if found is None:
            return None
        weight = one.period.days * one.bills
        whole, heat, cool = whole + weight, heat + weight * found[0], cool + weight * found[1]
    return heat / whole, cool / whole


def _years_before(period: Period, back: int) -> Period:
    start = months_before(period.start, YEAR * back)
    return Period(start, start + timedelta(days=period.days))
