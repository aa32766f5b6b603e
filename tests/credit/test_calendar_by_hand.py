"""Law by hand: the days of twenty debts, typed from a paper calendar, are what the program counts and the docs say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.credit.calendar_page import BILLS, days_of, page
from tests.credit.protected_days import COURSES, first_hour, protected_page

DOCS = Path(__file__).parents[2] / "docs" / "algorithms" / "collection-calendar.md"
CLOSED = {date(2026, month, day) for month, day in (
    (1, 1), (1, 19), (2, 12), (2, 16), (3, 31), (5, 25), (6, 19), (7, 3), (9, 7), (10, 12), (11, 11), (11, 26),
    (11, 27), (12, 25),
)}  # fmt: skip
"""The office's holidays of 2026, from a wall calendar."""
BY_HAND = {  # notice, ten days begin, last day to ask, last day to pay, earliest day
    "2026-01-05": ("01-26", "01-31", "02-09", "02-10", "02-17"),
    "2026-01-28": ("02-17", "02-22", "03-02", "03-04", "03-05"),
    "2026-04-27": ("05-18", "05-23", "06-01", "06-02", "06-03"),
    "2026-05-29": ("06-17", "06-22", "06-30", "07-02", "07-06"),
    "2026-07-24": ("08-12", "08-17", "08-25", "08-27", "08-31"),
    "2026-09-08": ("09-28", "10-03", "10-13", "10-13", "10-14"),
    "2026-10-07": ("10-26", "10-31", "11-09", "11-10", "11-12"),
    "2026-10-22": ("11-10", "11-15", "11-23", "11-25", "11-30"),
    "2026-11-06": ("11-25", "11-30", "12-08", "12-10", "12-14"),
    "2026-11-20": ("12-09", "12-14", "12-22", "12-24", "12-28"),
}


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


@pytest.mark.parametrize("bill", BILLS)
def test_each_notice_and_earliest_day_is_right_by_a_readers_count(bill):
    days = days_of(date.fromisoformat(bill))
    assert tuple(f"{days[letter]:%m-%d}" for letter in "NTALE") == BY_HAND[bill]


@pytest.mark.parametrize("bill", BILLS)
def test_what_was_typed_by_hand_obeys_the_statute_day_by_day(bill):
    mailed = date.fromisoformat(bill)
    notice, begins, ask, last, off = (date.fromisoformat(f"2026-{day}") for day in BY_HAND[bill])
    assert (notice - mailed).days >= 19
    assert is_open(notice)
    assert (begins - notice).days == 5
    assert (last - begins).days >= 10
    assert (ask - notice).days >= 13
    assert is_open(last)
    assert is_open(ask)
    assert off > last
    assert is_open(off)
    assert is_open(off + timedelta(days=1))
    assert (off - mailed).days >= 34
    between = [last + timedelta(days=count) for count in range(1, (off - last).days)]
    assert not [day for day in between if is_open(day) and is_open(day + timedelta(days=1))], "no earlier day was free"


PROTECTED = {  # ten days begin, last day to ask, last day to pay, and the hour from which power may go off
    "Washington, nothing special": ("2026-10-02", "2026-10-07", "2026-10-12", "2026-10-13 09"),
    "Washington, over Thanksgiving": ("2026-11-16", "2026-11-23", "2026-11-30", "2026-12-01 09"),
    "California, tenants with meters of their own": ("2026-10-31", "2026-11-09", "2026-11-10", "2026-11-16 10"),
    "California, tenants behind one meter": ("2026-10-31", "2026-11-09", "2026-11-10", "2026-11-23 09"),
    "California, a doctor's certificate": ("2026-12-06", "2026-12-14", "2026-12-16", "2026-12-17 09"),
    "California, more time until November 20": ("2026-11-28", "2026-12-07", "2026-12-08", "2026-12-09 09"),
    "Washington, a household on winter protection": ("2027-02-25", "2027-03-02", "2027-03-08", "2027-03-16 09"),
    "Washington, three days of extreme heat": ("2026-07-30", "2026-08-04", "2026-08-10", "2026-08-17 09"),
    "Washington, tenants, told at two in the afternoon": ("2026-11-16", "2026-11-23", "2026-11-30", "2026-12-03 14"),
    "California, nobody answers": ("2026-11-30", "2026-12-08", "2026-12-10", "2026-12-16 11"),
}


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_tenants_doctors_winter_heat_and_closed_doors_move_the_day_as_counted_by_hand(course):
    begins, ask, last, off = PROTECTED[course.name]
    assert [course.days[letter].isoformat() for letter in "TAL"] == [begins, ask, last]
    assert f"{first_hour(course):%Y-%m-%d %H}" == off


def test_the_docs_print_the_same_twenty_calendars():
    text = DOCS.read_text(encoding="utf-8")
    assert page() in text
    assert protected_page() in text
