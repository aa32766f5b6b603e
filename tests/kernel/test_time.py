from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel import calendars
from lamplighter.kernel.calendars import Holiday, HolidayCalendar, Observance
from lamplighter.kernel.instants import Span, day_seconds, local_days, midnight, span_of
from lamplighter.kernel.periods import Period

ALAMEDA = ZoneInfo("America/Los_Angeles")
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))


def test_a_period_may_be_open():
    running = Period(date(2026, 1, 1))
    assert date(2100, 1, 1) in running
    assert running & Period(date(2025, 6, 1), date(2026, 2, 1)) == Period(date(2026, 1, 1), date(2026, 2, 1))
    assert running & Period(date(2025, 1, 1), date(2026, 1, 1)) is None
    assert running.split(date(2026, 3, 1)) == (
        Period(date(2026, 1, 1), date(2026, 3, 1)),
        Period(date(2026, 3, 1)),
    )


@given(DAYS, st.integers(0, 800), st.lists(DAYS, max_size=5))
def test_pieces_add_up_to_the_whole(start, days, cuts):
    period = Period(start, start + timedelta(days=days))
    pieces = period.split(*cuts)
    assert sum(piece.days for piece in pieces) == days
    assert [day for piece in pieces for day in piece] == list(period)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 7, 1), 24)])
def test_days_have_23_24_or_25_hours(day, hours):
    assert day_seconds(day, ALAMEDA) == hours * 3600


def test_march_2026_has_743_hours_in_california():
    march = span_of(Period(date(2026, 3, 1), date(2026, 4, 1)), ALAMEDA)
    assert march.seconds == 743 * 3600
    assert list(local_days(march, ALAMEDA)) == list(Period(date(2026, 3, 1), date(2026, 4, 1)))


def test_a_day_may_begin_after_midnight():
    """In Beirut the clocks went forward at midnight of 31 March 2024."""
    assert midnight(date(2024, 3, 31), ZoneInfo("Asia/Beirut")) == datetime(2024, 3, 30, 22, tzinfo=UTC)
    assert day_seconds(date(2024, 3, 31), ZoneInfo("Asia/Beirut")) == 23 * 3600


def test_a_span_needs_a_zone():
    with pytest.raises(AssertionError):
        Span(datetime(2026, 1, 1))  # noqa: DTZ001


FEDERAL = tuple(h for h in calendars.US_HOLIDAYS.values() if h is not calendars.DAY_AFTER_THANKSGIVING)


@pytest.mark.parametrize("year", range(2022, 2045))
def test_federal_holidays_are_those_of_an_outside_list(year):
    ours = HolidayCalendar(FEDERAL, Observance.NEAREST_WEEKDAY).observed(year)
    theirs = holidays.US(years=[year - 1, year, year + 1], observed=True)
    actual = holidays.US(years=[year - 1, year, year + 1], observed=False)
    moved = {day for day, name in actual.items() if day.weekday() >= 5}
    assert set(ours) == {day for day in theirs if day.year == year} - moved


def test_independence_day_2026_is_a_saturday():
    on = [HolidayCalendar((calendars.INDEPENDENCE,), how).observed(2026) for how in Observance]
    assert [list(days) for days in on] == [[date(2026, 7, 4)], [date(2026, 7, 4)], [date(2026, 7, 3)]]


def test_new_year_2028_is_observed_in_2027():
    calendar = HolidayCalendar((calendars.NEW_YEAR,), Observance.NEAREST_WEEKDAY)
    assert date(2027, 12, 31) in calendar
    assert date(2028, 1, 1) not in calendar


def test_the_last_monday_and_the_day_after():
    assert calendars.MEMORIAL.on(2026) == date(2026, 5, 25)
    assert calendars.DAY_AFTER_THANKSGIVING.on(2026) == date(2026, 11, 27)
    assert Holiday("Last day", 12, nth=-1, weekday=3).on(2026) == date(2026, 12, 31)


def test_working_days_step_over_weekends_and_holidays():
    calendar = HolidayCalendar((calendars.THANKSGIVING,))
    assert calendar.next_working_day(date(2026, 11, 26)) == date(2026, 11, 27)
    assert calendar.add_working_days(date(2026, 11, 25), 2) == date(2026, 11, 30)
