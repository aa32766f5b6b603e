"""Values read as the design's section 5 writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lamplighter.kernel.money import Money
from lamplighter.web.ui import wording

NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # noon at the utility, in Los Angeles
TODAY = date(2026, 11, 20)


def test_negative_money_has_a_true_minus_and_the_word_credit():
    assert wording.credit(Money(-1240)) == "−$12.40 credit"
    assert wording.credit(Money(18642)) == "$186.42"
    assert wording.change(Money(4480)) == "+$44.80"


def test_quantities_have_thousands_and_a_unit_that_does_not_break_off():
    assert wording.quantity(1412, "kWh") == "1,412\u00a0kWh"
    assert wording.quantity(Decimal("-0.82"), "kW", 1) == "−0.8\u00a0kW"


def test_days_and_times_are_american():
    assert wording.day(date(2026, 11, 24), TODAY) == "Tue, Nov 24"
    assert wording.day(date(2025, 11, 24), TODAY) == "Mon, Nov 24, 2025"
    assert wording.clock(datetime(2026, 11, 20, 18, 30, tzinfo=UTC)) == "10:30 am"
    assert wording.clock(datetime(2026, 11, 21, 8, 5, tzinfo=UTC)) == "12:05 am"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=2), "Today 10:00 am"),
        (timedelta(hours=13), "Yesterday"),
        (timedelta(days=2), "Nov 18"),
        (timedelta(days=420), "Sep 26, 2025"),
    ],
)
def test_a_timeline_says_when_in_few_words(ago, words):
    assert wording.when(NOON - ago, NOON) == words


def test_a_day_begins_at_the_utilitys_midnight():
    just_past = datetime(2026, 11, 20, 8, 1, tzinfo=UTC)
    assert wording.when(just_past, NOON) == "Today 12:01 am"
    assert wording.when(just_past - timedelta(minutes=2), NOON) == "Yesterday"


@pytest.mark.parametrize(
    ("nth", "words"),
    [(20, "today"), (23, "in 3 days"), (21, "in 1 day"), (18, "2 days late")],
)  # fmt: skip
def test_a_worklist_says_how_late_it_is(nth, words):
    assert wording.due(date(2026, 11, nth), TODAY) == words


@pytest.mark.parametrize(
    ("length", "said"),
    [(41, "41 s"), (299, "4 min"), (4_800, "1 h 20 min"), (259_199, "71 h 59 min"), (259_200, "3 days")],
)
def test_how_long_ago_is_told_in_the_unit_that_people_would_use(length, said):
    assert wording.seconds(length) == said
