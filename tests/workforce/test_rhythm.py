"""On which days duties fall: working days alone, and every month once."""

from datetime import date, timedelta

import pytest

from lamplighter.kernel.calendars import US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.workforce.rules.rhythm import LAST, MOST_IN_MONTH, Rhythm, falls_on

OFFICE = HolidayCalendar(tuple(US_HOLIDAYS.values()), Observance.NEAREST_WEEKDAY)


def days_of(rhythm, place, first, last):
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if falls_on(rhythm, place, day, OFFICE)]


def test_a_weekly_duty_whose_day_is_a_holiday_is_done_on_the_next_working_day():
    thursdays = days_of(Rhythm.WEEKLY, 3, date(2026, 11, 16), date(2026, 12, 4))
    assert thursdays == [date(2026, 11, 19), date(2026, 11, 30), date(2026, 12, 3)], "Thanksgiving and the day after"


def test_a_daily_duty_rests_on_weekends_and_holidays():
    found = days_of(Rhythm.DAILY, 0, date(2026, 11, 25), date(2026, 12, 1))
    assert found == [date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 1)]


@pytest.mark.parametrize("place", [LAST, *range(1, MOST_IN_MONTH + 1)])
def test_a_monthly_duty_has_one_turn_in_every_month(place):
    """November 2025 has but seventeen working days."""
    found = days_of(Rhythm.MONTHLY, place, date(2020, 1, 1), date(2029, 12, 31))
    assert [(day.year, day.month) for day in found] == [(y, m) for y in range(2020, 2030) for m in range(1, 13)]


def test_a_month_that_is_too_short_gives_the_turn_to_its_last_working_day():
    november = date(2025, 11, 1), date(2025, 11, 30)
    assert len(days_of(Rhythm.DAILY, 0, *november)) == 17
    assert days_of(Rhythm.MONTHLY, 19, *november) == [date(2025, 11, 26)]
