"""Who may pay over time, and plans that always add up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.rules.arranging import (
    CannotArrange,
    Part,
    Past,
    PlanDraft,
    PlanPolicy,
    divide,
    going_home,
    may_arrange,
    may_extend,
)
from lamplighter.kernel.money import ZERO, Money, total

ON, POLICY = date(2026, 11, 20), PlanPolicy()


def shares(owed, **kwargs):
    said = {"down": None, "months": 3, "on": ON, "pack": MUNICIPAL, **kwargs}
    return [(str(due.due_on), due.amount.cents) for due in divide(Money(owed), **said)]


def test_the_first_part_takes_the_cents_that_cannot_be_divided():
    assert shares(18642) == [
        ("2026-11-20", 4662), ("2026-12-15", 4660), ("2027-01-15", 4660), ("2027-02-16", 4660),
    ]  # fmt: skip


def test_an_instalment_never_falls_on_a_day_on_which_the_office_is_closed():
    assert [day for day, _ in shares(40000, months=4)][-2:] == ["2027-02-16", "2027-03-15"], "Feb 15 is Presidents' Day"


def test_what_is_paid_now_may_be_chosen():
    assert shares(18642, down=Money(10000), months=2) == [
        ("2026-11-20", 10000), ("2026-12-15", 4321), ("2027-01-15", 4321),
    ]  # fmt: skip
    assert shares(1001, down=ZERO, months=2) == [("2026-12-15", 501), ("2027-01-15", 500)]


@pytest.mark.parametrize("wrong", [{"months": 13}, {"months": 0}, {"down": Money(18642)}, {"down": Money(20000)}])
def test_what_cannot_be_divided_is_refused(wrong):
    with pytest.raises(CannotArrange):
        shares(18642, **wrong)


@given(owed=st.integers(2500, 10**8), months=st.integers(1, 12), down=st.none() | st.integers(0, 10**8),
       day=st.dates(date(2026, 1, 1), date(2030, 12, 31)))  # fmt: skip
def test_every_plan_adds_up_to_the_cent(owed, months, down, day):
    try:
        dues = divide(Money(owed), down=None if down is None else Money(down), months=months, on=day, pack=MUNICIPAL)
    except CannotArrange:
        assert down is not None
        return
    draft = PlanDraft(7, day, (Part(1, day - timedelta(days=60), Money(owed)),), dues)
    assert draft.total == total(due.amount for due in draft.instalments) == Money(owed)


def test_a_draft_whose_parts_do_not_add_up_cannot_be_made():
    with pytest.raises(AssertionError, match="add up"):
        PlanDraft(7, ON, (Part(1, ON, Money(18643)),), divide(Money(18642), down=None, months=3, on=ON, pack=MUNICIPAL))


def test_every_cent_and_day_of_a_draft_is_in_its_digest():
    draft = PlanDraft(
        7, ON, (Part(1, ON, Money(18642)),), divide(Money(18642), down=None, months=3, on=ON, pack=MUNICIPAL)
    )
    other = PlanDraft(
        7, ON, (Part(1, ON, Money(18642)),), divide(Money(18642), down=None, months=4, on=ON, pack=MUNICIPAL)
    )
    older = PlanDraft(7, ON, (Part(1, ON - timedelta(days=1), Money(18642)),), draft.instalments)
    assert len({draft.digest, other.digest, older.digest}) == 3


def test_a_plan_is_allowed_or_refused_with_the_words_to_say():
    assert may_arrange(Past(Money(18642)), on=ON, policy=POLICY).eligible
    owen = may_arrange(Past(Money(18642), broken_on=(date(2026, 1, 12), date(2026, 6, 3))), on=ON, policy=POLICY)
    assert not owen.eligible
    assert owen.why == "No new plan until Jan 12. 2 plans were broken within a year."
    assert owen.say.startswith("I can't set up another plan today. I can take a part payment")
    long_ago = Past(Money(18642), broken_on=(date(2025, 11, 20), date(2026, 6, 3)))
    assert may_arrange(long_ago, on=ON, policy=POLICY).eligible


@pytest.mark.parametrize(
    ("past", "why"),
    [
        (Past(Money(2499)), "a plan is for $25.00 or more"),
        (Past(Money(18642), plan_runs=True), "A plan runs already"),
        (Past(Money(18642), bankrupt=True), "in bankruptcy"),
    ],
)
def test_a_plan_is_refused(past, why):
    assert why in may_arrange(past, on=ON, policy=POLICY).why


@pytest.mark.parametrize(
    ("past", "days", "why"),
    [
        (Past(ZERO), 7, "Nothing is past due"),
        (Past(Money(100)), 0, "up to 21 days"),
        (Past(Money(100)), 22, "up to 21 days"),
        (Past(Money(100), extension_runs=True), 7, "runs already"),
        (Past(Money(100), promised_on=(date(2026, 8, 23),)), 7, "again from Nov 21"),
    ],
)
def test_more_time_is_refused(past, days, why):
    assert why in may_extend(past, until=ON + timedelta(days=days), on=ON, policy=POLICY).why


def test_more_time_is_given_for_three_weeks_at_most():
    assert may_extend(Past(Money(100)), until=ON + timedelta(days=21), on=ON, policy=POLICY).eligible
    again = Past(Money(100), promised_on=(date(2026, 8, 22),))
    assert may_extend(again, until=ON + timedelta(days=1), on=ON, policy=POLICY).eligible


def test_what_was_paid_of_a_plan_went_to_the_oldest_debt():
    debts = [Part(2, date(2026, 9, 1), Money(10000)), Part(1, date(2026, 10, 1), Money(20000))]
    assert going_home(debts, Money(25000)) == [Part(2, date(2026, 9, 1), Money(5000)), debts[1]]
    assert going_home(debts, Money(15000)) == [Part(1, date(2026, 10, 1), Money(15000))]
    assert going_home(debts, ZERO) == []
