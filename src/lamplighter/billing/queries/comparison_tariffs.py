"""Tariffs moved in time, so that one year's prices can be put on another year's days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from lamplighter.kernel.periods import Period
from lamplighter.rating.figures import Factor
from lamplighter.rating.tariff import Tariff


def shifted(tariff: Tariff, days: int) -> Tariff:
    """The tariff with everything that is dated - validity, lines, factors - moved by days. Seasons and hours stay
    where the calendar has them."""
    lines = tuple(
        line if line.valid is None else replace(line, valid=_moved(line.valid, days)) for line in tariff.lines
    )
    factors = tuple(
        replace(factor, values=tuple((_day(first, days), value) for first, value in factor.values))
        for factor in tariff.factors
    )
    return replace(tariff, valid=_moved(tariff.valid, days), lines=lines, factors=factors)


def reaching(versions: Sequence[Tariff], period: Period) -> tuple[Tariff, ...]:
    """The versions, the oldest from the period's first day at least, the newest without end."""
    ordered = sorted(versions, key=lambda version: version.valid.start)
    oldest, newest = ordered[0], ordered[-1]
    if period.start < oldest.valid.start:
        ordered[0] = oldest = replace(oldest, valid=Period(period.start, oldest.valid.end), factors=_from_ever(oldest))
    if newest.valid.end is not None:
        ordered[-1] = replace(ordered[-1], valid=Period(ordered[-1].valid.start))
    return tuple(ordered)


def same_prices(one: Sequence[Tariff], other: Sequence[Tariff]) -> bool:
    """Whether two bills were priced alike: one and the same version, without factors that change by date."""
    if len(one) != 1 or len(other) != 1 or any(len(factor.values) > 1 for factor in other[0].factors):
        return False
    return replace(one[0], valid=other[0].valid) == other[0]


def _from_ever(tariff: Tariff) -> tuple[Factor, ...]:
    """A factor's oldest value, before which nothing was set, for earlier days too."""
    return tuple(
        replace(factor, values=((date.min, factor.values[0][1]), *factor.values[1:])) if factor.values else factor
        for factor in tariff.factors
    )


def _moved(period: Period, days: int) -> Period:
    return Period(_day(period.start, days), None if period.end is None else _day(period.end, days))


def _day(day: date, days: int) -> date:
    """Moved, but never off the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max
