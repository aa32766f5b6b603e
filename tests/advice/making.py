"""Loads and rates of a few lines, for tests of advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.advice.answering import Question, answer
from lamplighter.advice.answers import Answer, Option
from lamplighter.advice.scenario import scenario_of
from lamplighter.advice.surroundings import builtin
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.pricing import BillDays, YearPricer
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.rating.availability import why_not
from lamplighter.rating.tariff import Tariff
from tests.rating.writing import tariff

ZONE = ZoneInfo("America/Los_Angeles")
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
FLAT = '\n[[line]]\ncode = "energy"\nlabel = "Energy"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.2\n'
DEMAND = (
    FLAT.replace("0.2", "0.1")
    + '\n[[line]]\ncode = "demand"\nlabel = "Demand"\nquantity = "kW"\nwindow_minutes = 60\nunit = "$/kW"\nprice = 12\n'
)


def curve_of(kw: object, period: Period = YEAR, *, seconds: int = 3600, kvar: float | None = None) -> LoadCurve:
    """`kw` a number, or an array of S."""
    calendar = slot_calendar(period, seconds=seconds, zone=ZONE)
    nothing = np.zeros(calendar.slots, dtype=np.int64)
    present = np.ones(calendar.slots, dtype=np.bool_)
    reactive = None if kvar is None else np.full(calendar.slots, int(kvar * seconds / 3600 * 1000), dtype=np.int64)
    blank = LoadCurve(calendar, Decimal("0.001"), nothing, nothing, present, ~present, reactive)
    return blank.with_kw(np.broadcast_to(np.asarray(kw, dtype=np.float64), calendar.slots))


def months_of(period: Period) -> list[Period]:
    firsts = [date(year, month, 1) for year in range(period.start.year, period.closed_end.year + 1)
              for month in range(1, 13)]  # fmt: skip
    edges = [period.start, *(day for day in firsts if period.start < day < period.closed_end), period.closed_end]
    return [Period(first, end) for first, end in pairwise(edges)]


def option(
    rate: Tariff, period: Period = YEAR, *, current: bool = True, facts: Mapping[str, object] | None = None
) -> Option:
    bills = [BillDays(month, month.start, facts or {}) for month in months_of(period)]
    pricer = YearPricer(bills, [[rate]] * len(bills), period.start)
    return Option(rate.code, rate.name, current, pricer,
                  lambda peak: why_not(rate.available, customer_class="commercial", kw_peak=peak))  # fmt: skip


def asked(curve: LoadCurve, measures: Sequence[Mapping[str, object]], *options: Option) -> Answer:
    """The answer on some rates; a flat one where none is given."""
    period = curve.calendar.period
    given = options or (option(tariff(FLAT), period),)
    return answer(Question(curve, given, scenario_of(measures), builtin(), len(months_of(period))))
