"""Seasons of a tariff, and the three rules by which a bill falls into one: by date, by read date, by billing cycle.

Alameda's summer begins with the May billing cycle; Seattle splits a bill by days; others ask on which day the
meter was read. One `season` field for all three would misbill the shoulder months (docs/algorithms/proration.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from lamplighter.kernel.periods import Period

MonthDay: TypeAlias = tuple[int, int]


class SeasonRule(StrEnum):
    DATE = "date"  # each day by itself: a bill across the change is split by days
    READ = "read"  # the whole bill by the day of its closing read
    CYCLE = "cycle"  # the whole bill by the month of its billing cycle


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days of every year from `first` to `last`, both included; it may run over New Year."""

    first: MonthDay
    last: MonthDay

    def __contains__(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class Season:
    name: str
    spans: tuple[DaySpan, ...]

    def __contains__(self, day: date) -> bool:
        return any(day in span for span in self.spans)


@lru_cache(maxsize=4096)
def days_in(season: Season, period: Period) -> int:
    """How many days of a closed period are in a season. Bills of one cycle ask for the same ones."""
    return sum(day in season for day in period)


def season_on(seasons: Sequence[Season], day: date) -> Season | None:
    return next((season for season in seasons if day in season), None)
