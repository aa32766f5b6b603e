"""Register stretches judged by hand: high, low, nothing, unserved, and times of use against their total."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lamplighter.intervals.vee.dials import DialRules, OddDials, Stretch, apart, odd_dials

KWH = Fraction(1_000)
RULES = DialRules()


def stretch(start: str, days: int, counted: int, **more) -> Stretch:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return Stretch(begin, begin + timedelta(days=days), counted, **more)


def rules_of(stretches, **more) -> list[tuple[str, int, int]]:
    found = odd_dials(stretches, RULES, unit=KWH, demand=more.get("demand", False))
    return [(odd.rule, odd.measured, odd.threshold) for odd in found]


BEFORE = stretch("2026-09-02", 30, 300)  # 10 kWh a day


@pytest.mark.parametrize(("days", "counted", "found"), [
    (31, 310, []), (31, 620, []), (31, 155, []),
    (31, 621, [("registers.high-low", 621, 620)]), (31, 154, [("registers.high-low", 154, 155)]),
    (62, 621, []),  # the same count over twice the days
])  # fmt: skip
def test_use_a_day_is_held_against_the_stretch_before(days, counted, found):
    assert rules_of([BEFORE, stretch("2026-10-02", days, counted)]) == found


def test_what_fits_either_history_is_usual():
    """Heating in November last year: 30 kWh a day; the month before 10. 25 kWh fits last year, 61 fits none."""
    last_year = stretch("2025-10-03", 30, 900)
    assert rules_of([last_year, BEFORE, stretch("2026-10-02", 30, 750)]) == []
    assert rules_of([last_year, BEFORE, stretch("2026-10-02", 30, 1830)]) == [("registers.high-low", 1830, 1800)]
    half_a_year = stretch("2026-04-03", 30, 900)
    assert rules_of([half_a_year, BEFORE, stretch("2026-10-02", 30, 750)]) == [("registers.high-low", 750, 600)]


def test_nothing_used_and_use_while_nobody_is_served():
    assert rules_of([BEFORE, stretch("2026-10-02", 25, 0)]) == [("registers.zero", 25, 25)]
    assert rules_of([BEFORE, stretch("2026-10-02", 24, 0)]) == []
    assert rules_of([BEFORE, stretch("2026-10-02", 30, 2, served=False)]) == [("registers.inactive-use", 2, 0)]
    assert rules_of([BEFORE, stretch("2026-10-02", 30, 0, served=False)]) == []


def test_estimates_are_not_judged_and_do_not_judge():
    assert rules_of([BEFORE, stretch("2026-10-02", 30, 9_000, exact=False)]) == []
    guessed = stretch("2026-09-02", 30, 3, exact=False)
    assert rules_of([guessed, stretch("2026-10-02", 30, 9_000)]) == [], "nothing real is known of before"
    assert rules_of([]) == []


def test_little_use_is_neither_high_nor_low():
    assert rules_of([stretch("2026-09-02", 30, 5), stretch("2026-10-02", 30, 29)]) == [], "under 1 kWh a day"
    assert rules_of([stretch("2026-09-02", 30, 5), stretch("2026-10-02", 30, 31)]) == [("registers.high-low", 31, 10)]


def test_demand_is_held_against_demand_whatever_the_days():
    before = stretch("2026-09-02", 30, 40)
    assert rules_of([before, stretch("2026-10-02", 10, 80)], demand=True) == []
    assert rules_of([before, stretch("2026-10-02", 60, 81)], demand=True) == [("registers.high-low", 81, 80)]


@pytest.mark.parametrize(("parts", "fits"), [((60, 40), True), ((60, 43), True), ((60, 44), False), ((60, 36), False)])
def test_times_of_use_are_the_total_within_a_unit_each(parts, fits):
    total = stretch("2026-10-02", 30, 100)
    found = apart(total, [stretch("2026-10-02", 30, one) for one in parts])
    expected = OddDials("registers.time-of-use", total.start, total.end, sum(parts), 100)
    assert found == (None if fits else expected)
