"""Why a service's last bill differs, in dollars: as the bill itself tells it, with the weather's part of the use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from lamplighter.accounts.models import Agreement
from lamplighter.billing.queries.changes import Changed, last_changes
from lamplighter.billing.queries.comparison import Why
from lamplighter.billing.queries.reading_view import CauseView, ComparisonView
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.curves.weather import daily_kwh, fit, taken
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.queries.loads import year_curve
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.queries.weather import mean_temperatures

DAYS = 430
"""Both bills of a comparison with a year before lie in them."""
LEAST_CHANGE, LEAST_KNOWN = Decimal("0.01"), 0.8
"""Of the use a day: with less of a change its price per kWh is not told; of the days: whose temperatures are known."""
PRICES = (Decimal("0.5"), Decimal(2))
"""Of the bill's own mean price per kWh: where use stands at another, it moved between seasons or hours as well, and its
dollars don't go by kWh."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A comparison with its causes; where the weather is told apart, use stands as two of them."""

    shown: ComparisonView
    causes: tuple[CauseView, ...]


@dataclass(frozen=True, slots=True)
class _Weather:
    """By day: mean degrees Fahrenheit, and the kWh that heat and cold took."""

    days: Period
    degrees: Floats
    kwh: Floats

    def mean(self, values: Floats, of: Period) -> Decimal | None:
        first, last = ((day - self.days.start).days for day in (of.start, of.closed_end))
        if first < 0 or last > self.days.days:
            return None
        mine = values[first:last]
        known = ~np.isnan(mine)
        return Decimal(float(mine[known].mean())) if known.mean() >= LEAST_KNOWN else None


def explained(service: Agreement, *, on: date, alone: bool) -> list[Explained]:
    """Beside the bill before and beside a year before. `alone`: the account has no other service, whose use would be
    another's weather."""
    found = last_changes(service.account)
    weather = _weather(service, on) if found and alone else None
    return [Explained(one.shown, _told_apart(one, weather)) for one in found]


def _weather(service: Agreement, on: date) -> _Weather | None:
    """None where the weather explains too little, or a roof hides it."""
    try:
        curve = year_curve(service, on=on, days=DAYS)
    except CannotMeasure:
        return None
    days = curve.calendar.period
    degrees = mean_temperatures(days)
    if curve.sends or np.isnan(degrees).all():
        return None
    found = fit(daily_kwh(curve), degrees, np.array([day.weekday() < 5 for day in days]))
    return _Weather(days, degrees, taken(found, degrees)) if found is not None and found.good else None


def _told_apart(changed: Changed, weather: _Weather | None) -> tuple[CauseView, ...]:
    causes, shown = changed.shown.causes, changed.shown
    use = next((one for one in causes if one.why == (Why.USE,)), None)
    then, now = shown.then.kwh_a_day, shown.now.kwh_a_day
    if weather is None or use is None or then is None or now is None or abs(now - then) < LEAST_CHANGE * then:
        return causes
    if not _by_kwh(use, shown, now - then):
        return causes
    took = [weather.mean(weather.kwh, of) for of in (changed.then, changed.now)]
    degrees = [weather.mean(weather.degrees, of) for of in (changed.then, changed.now)]
    if took[0] is None or took[1] is None or degrees[0] is None or degrees[1] is None:
        return causes
    more = took[1] - took[0]
    cents = (Decimal(use.amount.cents) * more / (now - then)).quantize(Decimal(1), ROUND_HALF_UP)
    air, rest = Money(int(cents)), now - then - more
    return tuple(_replaced(causes, use, (
        CauseView((Why.USE,), f"Weather: {degrees[1]:.0f} °F on average instead of {degrees[0]:.0f} °F,"
                  f" {_change(more)} a day", air),
        CauseView((Why.USE,), f"Use apart from the weather: {_change(rest)} a day", use.amount - air),
    )))  # fmt: skip


def _by_kwh(use: CauseView, shown: ComparisonView, more: Decimal) -> bool:
    """Whether the dollars of use go by its kWh."""
    assert shown.now.kwh, "who used something has kWh"
    price, mean = use.amount.cents / (more * shown.now.days), shown.now.charges.cents / shown.now.kwh
    return PRICES[0] * mean <= price <= PRICES[1] * mean


def _replaced(causes: Sequence[CauseView], old: CauseView, new: Sequence[CauseView]) -> list[CauseView]:
    at = causes.index(old)
    return [*causes[:at], *new, *causes[at + 1 :]]


def _change(kwh: Decimal) -> str:
    return f"{abs(kwh):,.1f} kWh {'more' if kwh >= 0 else 'less'}"
