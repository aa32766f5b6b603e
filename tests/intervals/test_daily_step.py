"""What runs in the same hours of every day is found with its first day, and what is no one thing is not made one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.daily_step import daily_step
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period

START, DAYS = date(2026, 7, 15), 120
CALENDAR = slot_calendar(
    Period(START, START + timedelta(days=DAYS)), seconds=3600, zone=ZoneInfo("America/Los_Angeles")
)
DAY_OF, HOUR = CALENDAR.day_of.astype(np.int64), CALENDAR.minutes // 60


def home(seed: int = 1) -> np.ndarray:
    """kW of a home: little by night, more in the evening, no two hours alike, and the autumn coming on."""
    random = np.random.default_rng(seed)
    usual = 0.3 + 0.7 * np.exp(-(((HOUR - 19) / 3.0) ** 2)) + 0.001 * DAY_OF
    return usual * random.uniform(0.7, 1.3, CALENDAR.slots)


def curve(kw: np.ndarray, present: np.ndarray | None = None) -> LoadCurve:
    known = np.ones(CALENDAR.slots, dtype=np.bool_) if present is None else present
    counts = np.where(known, np.round(kw * 1000), 0).astype(np.int64)
    return LoadCurve(CALENDAR, Decimal("0.001"), counts, np.zeros_like(counts), known, ~np.ones_like(known))


def runs(began: int, first: int, hours: int) -> np.ndarray:
    return (began <= DAY_OF) & ((HOUR - first) % 24 < hours)


@pytest.mark.parametrize(
    ("began", "first", "hours", "kw", "by_night"),
    [(67, 22, 8, 0.9, True), (40, 11, 4, 1.5, False), (90, 0, 6, 0.6, True)],
)
def test_a_device_that_runs_every_day_is_told_with_its_hours_and_its_first_day(began, first, hours, kw, by_night):
    found = daily_step(curve(home() + kw * runs(began, first, hours)))
    assert found is not None
    assert (found.first, found.after, found.by_night) == (first, (first + hours) % 24, by_night)
    assert abs((found.began - START).days - began) <= 3
    assert found.kw == pytest.approx(kw, abs=0.15)


@pytest.mark.parametrize("more", [
    np.zeros(CALENDAR.slots), np.where(DAY_OF >= 60, 0.8, 0.0), 0.2 * runs(60, 22, 8),
    2.0 * (runs(60, 22, 8) & (DAY_OF < 66)),
], ids=["nothing", "every hour alike", "too little", "six nights"])  # fmt: skip
def test_what_is_no_such_thing_is_not_told(more):
    assert daily_step(curve(home() + more)) is None


def test_too_few_days_and_too_many_gaps_tell_nothing():
    kw = home() + 0.9 * runs(67, 22, 8)
    assert daily_step(curve(kw, present=(DAY_OF % 3) > 0)) is None
    short = curve(kw).within(Period(START, START + timedelta(days=20)))
    assert daily_step(short) is None
