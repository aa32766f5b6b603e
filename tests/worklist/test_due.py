"""Work is due by the office's clock, not by the computer's."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.calendars import DAY_AFTER_THANKSGIVING, THANKSGIVING, HolidayCalendar
from lamplighter.worklist.rules import Office, WithinHours, WorkingDays, due_at

ZONE = ZoneInfo("America/Los_Angeles")
INSTANTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
OFFICE = Office(ZONE, HolidayCalendar((THANKSGIVING, DAY_AFTER_THANKSGIVING)))


def local(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("days", "raised", "due"),
    [
        (0, local(20, 10), local(20, 17)),  # a Friday morning: today
        (0, local(20, 16, 59), local(20, 17)),
        (0, local(20, 17), local(23, 17)),  # after closing: Monday
        (0, local(21, 9), local(23, 17)),  # on a Saturday: Monday
        (1, local(20, 10), local(23, 17)),
        (1, local(21, 9), local(24, 17)),
        (3, local(24, 10), local(30, 17) + timedelta(days=1)),  # over Thanksgiving and a weekend
    ],
)
def test_working_days_end_when_the_office_closes(days, raised, due):
    assert due_at(WorkingDays(days), raised, OFFICE) == due


def test_hours_run_round_the_clock():
    assert due_at(WithinHours(24), local(21, 23), OFFICE) == local(22, 23)


@given(
    INSTANTS,
    st.integers(0, 30),
    st.times(time(8), time(20)),
)
def test_work_is_never_due_before_it_came_nor_on_a_closed_day(raised, days, closes):
    office = Office(ZONE, OFFICE.calendar, closes)
    due = due_at(WorkingDays(days), raised, office)
    assert due > raised
    assert office.calendar.is_working_day(due.astimezone(ZONE).date())
    assert due_at(WorkingDays(days + 1), raised, office) > due
