"""Local days have as many slots as they have time."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.slots import DAY, local_day_of, slot_calendar
from lamplighter.kernel.calendars import NERC_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.kernel.instants import day_seconds, local_days, span_of
from tests.intervals.making import AUTUMN, PACIFIC, SPRING, at, calendar, days_from


@pytest.mark.parametrize(
    ("day", "seconds", "slots"),
    [
        (date(2025, 3, 8), 900, 96), (SPRING, 900, 92), (AUTUMN, 900, 100), (SPRING, 3600, 23), (AUTUMN, 3600, 25),
        (SPRING, 300, 276), (AUTUMN, 1800, 50), (SPRING, DAY, 1), (AUTUMN, DAY, 1),
    ],
)  # fmt: skip
def test_a_day_has_as_many_slots_as_it_has_time(day, seconds, slots):
    assert calendar(day, seconds=seconds).slots == slots


def test_in_spring_the_clock_jumps_from_one_to_three():
    hours = calendar(SPRING, seconds=3600).minutes.tolist()
    assert hours[:4] == [0, 60, 180, 240]
    assert hours[-1] == 23 * 60


def test_in_autumn_the_hour_from_one_comes_twice():
    assert calendar(AUTUMN, seconds=3600).minutes.tolist()[:4] == [0, 60, 60, 120]


def test_a_channel_of_days_has_edges_at_local_midnights():
    edges = calendar(SPRING, 2, seconds=DAY).edges
    assert np.diff(edges).tolist() == [82_800, 86_400]
    assert edges[0] == at(SPRING)


def test_a_slot_knows_its_weekday_holiday_and_clock():
    holidays = HolidayCalendar(NERC_HOLIDAYS, Observance.SUNDAY_TO_MONDAY)
    july = calendar(date(2025, 7, 3), 3, seconds=3600, holidays=holidays)
    friday = july.slots_of(date(2025, 7, 4))
    assert set(july.weekdays[friday].tolist()) == {4}
    assert july.holidays.tolist() == [False] * 24 + [True] * 24 + [False] * 24
    assert july.clock(friday.start + 13) == "2025-07-04 13:00"


def test_an_instant_may_be_a_bound_of_slots():
    day = calendar(SPRING)
    instants = np.array([at(SPRING), at(SPRING, 1.1), at(SPRING, 2), at(SPRING, 23), at(SPRING, 24), at(SPRING, -1)])
    assert day.bounds_at(instants).tolist() == [0, -1, 8, 92, -1, -1]


def test_days_of_equal_length_are_folded_together():
    november = calendar(date(2025, 11, 1), 30)
    assert [(run.days.start, run.days.stop, run.width) for run in november.runs] == [
        (0, 1, 96),
        (1, 2, 100),
        (2, 30, 96),
    ]


def test_an_interval_that_does_not_fit_the_day_is_refused():
    with pytest.raises(ValueError, match="7200 s does not fit"):
        calendar(SPRING, seconds=7200)


def test_a_day_may_begin_after_midnight():
    santiago = ZoneInfo("America/Santiago")  # clocks go forward at midnight of 7 September 2025
    day = slot_calendar(days_from(date(2025, 9, 7), 1), seconds=3600, zone=santiago)
    assert day.slots == 23
    assert day.minutes[0] == 60


def test_calendars_are_made_once_and_cannot_be_changed():
    assert calendar(SPRING) is calendar(SPRING)
    with pytest.raises(ValueError, match="read-only"):
        calendar(SPRING).edges[0] = 0


@given(st.dates(date(1999, 1, 1), date(2040, 1, 1)), st.integers(1, 40), st.sampled_from([300, 900, 3600]))
def test_slots_agree_with_the_kernel_about_days(first, count, seconds):
    made = calendar(first, count, seconds=seconds)
    lengths = [day_seconds(made.day(i), PACIFIC) // seconds for i in range(count)]
    assert np.diff(made.firsts).tolist() == lengths
    assert list(local_days(span_of(made.period, PACIFIC), PACIFIC)) == [made.day(i) for i in range(count)]


@given(st.lists(st.integers(650_000_000, 4_000_000_000), min_size=1, max_size=20))
def test_an_instant_lies_in_its_local_day(instants):
    days, begins = local_day_of(np.array(instants), PACIFIC)
    for instant, day, begin in zip(instants, days.tolist(), begins.tolist(), strict=True):
        local = date.fromordinal(date(1970, 1, 1).toordinal() + day)
        assert begin == at(local)
        assert begin <= instant < begin + day_seconds(local, PACIFIC)
