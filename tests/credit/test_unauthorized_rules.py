"""What meter data say of use that nobody pays for, the order of a case, and an estimate with its figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.credit.rules.unauthorized import (
    Act,
    CannotInvestigate,
    Estimate,
    Sign,
    Year,
    check_billable,
    dropped,
    flows_back,
    next_act,
    vacant_use,
)
from lamplighter.kernel.money import Money

FIRST = date(2026, 10, 22)


def days(*kwh):
    return [(FIRST + timedelta(days=n), None if one is None else Decimal(str(one))) for n, one in enumerate(kwh)]


def test_use_on_three_days_without_an_account_is_a_sign_and_a_clock_is_none():
    found = vacant_use(days(0.4, 12, None, 11.5, 13))
    assert (found.sign, found.words) == (
        Sign.VACANT, "37 kWh on 3 of 5 days without an account, last on Oct 26.",
    )  # fmt: skip
    assert vacant_use(days(0.9, 0.9, 0.9, 0.9)) is None
    assert vacant_use(days(40, 40)) is None


def test_power_that_comes_back_is_a_sign_only_where_no_generation_is_known():
    assert flows_back(days(3, 3, 3), generates=False).sign is Sign.REVERSE
    assert flows_back(days(3, 3, 3), generates=True) is None


def test_a_drop_is_a_sign_only_against_neighbors_who_did_not_drop():
    own, steady = Year(Decimal(180), Decimal(600)), [Year(Decimal(570), Decimal(600))] * 3
    assert dropped(own, steady).words == "180 kWh after 600 a year before (30 %); the 3 neighbors are at 95 %."
    assert dropped(own, [Year(Decimal(200), Decimal(600))] * 3) is None, "a mild month"
    assert dropped(own, steady[:2]) is None, "two neighbors say nothing"
    assert dropped(Year(Decimal(180), Decimal(0)), steady) is None


def test_safety_and_a_visit_come_before_any_bill():
    assert next_act([Act.REPORTED], person=True) is Act.SAFE
    with pytest.raises(CannotInvestigate, match="Safety first"):
        check_billable([Act.REPORTED])
    with pytest.raises(CannotInvestigate, match="Somebody must have been there"):
        check_billable([Act.SAFE, Act.ORDERED])
    done = [Act.REPORTED, Act.SAFE, Act.ORDERED, Act.VISITED]
    assert (next_act(done, person=True), next_act(done, person=False)) == (Act.BILLED, Act.CLOSED)


def test_an_estimate_is_whole_kilowatt_hours_at_the_average_price():
    made = Estimate(FIRST, FIRST, Decimal("600.4"), Decimal("180.2"), Decimal("21.5"))
    assert made.amount == Money(9030), "420 kWh at 21.5 cents"
    assert made.words == "Estimated: 600 kWh as a year before, 180 measured, 420 at 21.50 cents"
    assert Estimate(FIRST, FIRST, Decimal(100), Decimal(180), Decimal(20)).amount == Money(0)
