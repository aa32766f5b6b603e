"""How many months a bill is, by a tariff's rule for irregular periods (docs/algorithms/proration.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.rating.exact import Fraction, decimal
from lamplighter.rating.tariff import BillKind, Proration


def months(days: int, kind: BillKind, rule: Proration) -> Fraction:
    """Months billed: 1 for a regular bill, days / month_days for an irregular one.

    With month_days 30 and a regular window of 27 to 33 days, 34 days are 34/30 months and 33 days are one.
    """
    if rule.month_days is None:
        return Fraction(1)
    at_edge = rule.edges and kind is not BillKind.REGULAR
    if rule.regular is not None and not at_edge and rule.regular[0] <= days <= rule.regular[1]:
        return Fraction(1)
    return Fraction(days) / Fraction(rule.month_days)


def spread(asks: Iterable[Ask], period: Period, totals: Mapping[str, Decimal]) -> dict[Ask, Decimal]:
    """Quantities for a meter that tells only a total for the period, by average daily use.

    `totals` are keyed by the determinant without its season (`Determinant.key`). Energy goes by days: 600 kWh over
    29 days, of which 20 before a change, are 413.793103 and 186.206897. Demand is the same for every part. Raises
    KeyError for a determinant that the totals do not tell.
    """
    return {ask: _part(ask, period, totals[whole(ask.determinant).key]) for ask in asks}


def whole(determinant: Determinant) -> Determinant:
    """The determinant over all seasons."""
    return Determinant(
        determinant.what, determinant.flow, determinant.clock, determinant.periods, None, determinant.window,
        determinant.daily, determinant.netting, determinant.band,
    )  # fmt: skip


def _part(ask: Ask, period: Period, total: Decimal) -> Decimal:
    if not ask.determinant.what.adds_up or ask.determinant.what is What.POWER_FACTOR:
        return total
    season = ask.determinant.season
    days = sum(season is None or day in season for day in _days(ask.period))
    return decimal(Fraction(total) * days / period.days)


def _days(period: Period) -> Iterable[date]:
    return iter(period)
