"""The deposit policy as arithmetic: points that expire, the first reason that speaks, amounts, parts, interest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.credit.rules.deposits import (
    CannotSecure,
    Facts,
    Mark,
    PointsPolicy,
    Score,
    Terms,
    asks_for_more,
    divide,
    earned,
    goes_back,
    points_of,
    recommend,
)
from lamplighter.kernel.money import ZERO, Money, total

ON = date(2026, 11, 21)
TERMS = Terms()
KNOWN = Facts(Money(8466), "the last bills of this account", months=30)
LATE, CUT = (Mark.LATE, date(2026, 6, 1), "204518-7"), (Mark.CUT, date(2025, 12, 1), "204518-7")


def counted(marks, *, on=ON, clean_from=None):
    return points_of(marks, on=on, clean_from=clean_from, policy=PointsPolicy())


def says(facts: Facts, terms: Terms = TERMS) -> tuple[str, int]:
    found = recommend(facts, terms)
    return found.reasons[0].code, found.amount.cents


def test_a_mark_counts_until_its_months_are_over_and_never_from_before_a_petition():
    (one,) = counted([LATE])
    assert (one.points, one.ends_on) == (10, date(2027, 6, 1))
    assert counted([LATE], on=date(2027, 6, 1)) == ()
    assert counted([LATE, CUT], clean_from=date(2026, 6, 2)) == ()
    assert len(counted([LATE, CUT], clean_from=date(2026, 6, 1))) == 1


@pytest.mark.parametrize(
    ("facts", "terms", "expected"),
    [
        (KNOWN, TERMS, ("known", 0)),
        (Facts(Money(8466), "x", months=30, points=counted([CUT])), TERMS, ("cut", 17000)),
        (Facts(Money(8466), "x", months=30, points=counted([LATE] * 5)), TERMS,
         ("points", 17000)),
        (Facts(Money(8466), "x", months=11), Terms(always=True), ("class", 17000)),
        (KNOWN, Terms(always=True), ("known", 0)),
        (Facts(Money(8466), "x", bankrupt=True), Terms(always=True), ("bankruptcy", 0)),
        (Facts(Money(8466), "x"), TERMS, ("unknown", 17000)),
        (Facts(Money(8466), "x", score=Score(599, "B", ON)), TERMS, ("score", 17000)),
        (Facts(Money(8466), "x", score=Score(600, "B", ON)), TERMS, ("good", 0)),
        (Facts(Money(8466), "x", score=Score(None, "B", ON)), TERMS, ("no-hit", 0)),
        (Facts(Money(8466), "x"), Terms(score_from=None), ("no-bureau", 0)),
        (Facts(Money(1000), "x"), TERMS, ("unknown", 5000)),
        (Facts(Money(900_000), "x"), TERMS, ("unknown", 100_000)),
    ],
)  # fmt: skip
def test_the_first_line_of_the_policy_that_speaks_decides(facts, terms, expected):
    assert says(facts, terms) == expected


def test_a_report_counts_only_where_our_own_records_say_nothing():
    bad = Score(400, "B", ON)
    known = Facts(Money(8466), "x", months=12, score=bad)
    assert not recommend(known, TERMS).by_report
    assert recommend(Facts(Money(8466), "x", score=bad), TERMS).by_report


def test_what_is_held_asked_or_vouched_for_is_not_asked_again():
    facts = Facts(Money(8466), "x", held=Money(10000), asked=Money(3000), secured=Money(1000))
    assert recommend(facts, TERMS).amount == Money(3000)
    assert recommend(Facts(Money(8466), "x", held=Money(20000)), TERMS).amount == ZERO


@given(st.integers(300, 100_000), st.integers(1, 3))
def test_the_parts_of_a_deposit_are_the_deposit(cents, parts):
    made = divide(Money(cents), parts=parts, on=ON, terms=TERMS)
    assert total(part.amount for part in made) == Money(cents)
    assert [part.due_on for part in made] == [ON, date(2026, 12, 21), date(2027, 1, 21)][:parts]


def test_more_parts_than_the_policy_gives_are_refused():
    with pytest.raises(CannotSecure, match="1 to 3 parts"):
        divide(Money(17000), parts=4, on=ON, terms=TERMS)


def test_interest_is_simple_by_days_on_what_was_held():
    held = [(date(2025, 11, 21), Money(15000))]
    assert earned(held, percent=Decimal(2), since=date(2025, 11, 21), until=ON) == Money(300)
    more = [*held, (date(2026, 5, 21), Money(-15000))]  # 181 of 365 days
    assert earned(more, percent=Decimal(2), since=date(2025, 11, 21), until=ON) == Money(149)


@given(st.integers(1, 364))
def test_interest_for_a_year_in_two_runs_is_that_of_one_run_to_a_cent(day):
    held, start = [(date(2025, 11, 21), Money(23_457))], date(2025, 11, 21)
    middle = start + timedelta(days=day)
    two = sum((earned(held, percent=Decimal(2), since=a, until=b) for a, b in ((start, middle), (middle, ON))), ZERO)
    assert abs((two - earned(held, percent=Decimal(2), since=start, until=ON)).cents) <= 1


def test_a_deposit_goes_back_after_twelve_bills_in_time_and_no_point():
    assert goes_back([False, *[True] * 12], (), TERMS)
    assert not goes_back([True] * 11, (), TERMS)
    assert not goes_back([*[True] * 11, False], (), TERMS)
    assert not goes_back([True] * 12, counted([LATE]), TERMS)


def test_the_review_asks_for_more_only_beyond_the_tolerance():
    assert not asks_for_more(Money(15300), Money(17000), TERMS)
    assert asks_for_more(Money(15299), Money(17000), TERMS)
