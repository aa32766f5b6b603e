"""A tariff as though it had been in force all the days of a period: for prices of a past year on another rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lamplighter.kernel.periods import Period
from lamplighter.rating.figures import Factor
from lamplighter.rating.tariff import Line, Tariff


def as_if(tariff: Tariff, period: Period) -> Tariff:
    """The version, valid for exactly the days of a period (which has an end).

    Lines hold on all of them if they hold on the version's day nearest to the period's end, and are left out
    otherwise. A factor keeps its dated values, and before the first of them the first one. Seasons, holidays and
    hours go by the days of the period themselves.
    """
    on = _reference(tariff, period)
    return replace(
        tariff,
        valid=period,
        lines=tuple(_throughout(line) for line in tariff.lines if line.valid is None or on in line.valid),
        factors=tuple(_from(factor, period.start) for factor in tariff.factors),
    )


def _reference(tariff: Tariff, period: Period) -> date:
    """The version's own day that lies nearest to the end of the period."""
    last = period.last_day if tariff.valid.end is None else min(period.last_day, tariff.valid.last_day)
    return max(tariff.valid.start, last)


def _throughout(line: Line) -> Line:
    return line if line.valid is None else replace(line, valid=None)


def _from(factor: Factor, start: date) -> Factor:
    if not factor.values:
        return factor
    first = min(factor.values)
    return factor if first[0] <= start else replace(factor, values=((start, first[1]), *factor.values))
