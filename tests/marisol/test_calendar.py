"""Ten cycles over the working days of a month, on any day of any year."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.town.calendar import CYCLES, OFFICE, billed_turns, months_after, turn, turn_after, turn_before

DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))


@given(DAYS, st.integers(1, CYCLES))
def test_a_cycle_is_read_and_billed_on_working_days(month, cycle):
    one = turn(cycle, month)
    assert OFFICE.is_working_day(one.reads_on)
    assert OFFICE.is_working_day(one.bills_on)
    assert one.reads_on.month == one.month.month
    assert 2 <= (one.bills_on - one.reads_on).days <= 6


@given(DAYS, st.integers(1, CYCLES))
def test_a_bill_is_of_about_a_month(month, cycle):
    one = turn(cycle, month)
    assert 25 <= (turn_after(one).reads_on - one.reads_on).days <= 35
    assert turn_before(turn_after(one)) == one


@given(DAYS, st.integers(1, CYCLES), st.integers(1, 14))
def test_the_last_bills_went_out_before_the_day(day, cycle, count):
    turns = billed_turns(cycle, before=day, count=count)
    assert len(turns) == count
    assert all(one.month < later.month for one, later in pairwise(turns))
    assert turns[-1].bills_on < day <= turn_after(turns[-1]).bills_on


@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2027, 2, 1), date(2027, 3, 1)], ids=str)
def test_later_cycles_are_never_read_earlier(month):
    days = [turn(cycle, month).reads_on for cycle in range(1, CYCLES + 1)]
    assert days == sorted(days)
    assert len(set(days)) == CYCLES


@given(DAYS, st.integers(-40, 40))
def test_months_come_one_after_the_other(day, months):
    there = months_after(day.replace(day=1), months)
    assert there.day == 1
    assert months_after(there, -months) == day.replace(day=1)
    assert months_after(there, 1) > there > months_after(there, -1)
    assert months_after(there, 1) - there <= timedelta(days=31)
