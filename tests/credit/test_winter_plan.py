"""Under Washington's winter protection no payment of a winter month is more than the law lets it be."""

from __future__ import annotations

import re
from datetime import date

import pytest

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations.arranging import arrange
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.arranging import CannotArrange
from lamplighter.journeys.collecting import protect
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event

SPRING = date(2027, 3, 16)


@pytest.fixture
def winter(debtor, settings):
    """$600.00 past due in November, and winter protection by a form of the household's."""
    settings.UTILITY_LAW = "washington"
    debtor.owes(60000, "2026-10-03").on("2026-11-20")
    protected(debtor, Period(debtor.today, SPRING))
    return debtor


def protected(debtor, period):
    protect(account=debtor.account, kind=HoldKind.WINTER, period=period, evidence="Form 12", **debtor.now)


def draft(debtor, *, months=3, income=None):
    return draft_plan(debtor.account, down=None, months=months, on=debtor.today, income=income)


def test_the_households_income_is_asked_for(winter):
    with pytest.raises(CannotArrange, match=r"household's income a month\. A winter payment is at most seven percent"):
        draft(winter)


@pytest.mark.parametrize(
    ("income", "months", "most"),
    [
        (150_000, 3, None),  # $105.00 and $50.00 of arrears: four times $150.00 are within it
        (142_857, 3, None),  # $100.00 and $50.00
        (142_800, 3, "$149.96"),
        (100_000, 3, "$120.00"),
        (100_000, 4, None),  # five times $120.00
        (0, 12, None),  # $46.15 at most, of $50.00
        (0, 10, "$50.00"),
    ],
)
def test_seven_percent_of_income_and_a_twelfth_of_the_arrears_bound_each_payment(winter, income, months, most):
    if most is None:
        assert draft(winter, months=months, income=Money(income)).total == Money(60000)
        return
    with pytest.raises(CannotArrange, match=re.escape(f"In winter {most} a month is the most (RCW 54.16.285")):
        draft(winter, months=months, income=Money(income))


def test_the_plan_keeps_what_the_household_said(winter):
    made = draft(winter, income=Money(150_000))
    arrange(account=winter.account, draft=made, consent="signed", **winter.now)
    told = Event.objects.select_related("remark").get(name="credit.arrangement.made")
    assert str(told.remark) == "Income a month, as the household says: $1,500.00"


def test_a_draft_without_the_income_is_refused_where_protection_came_in_between(debtor, settings):
    settings.UTILITY_LAW = "washington"
    debtor.owes(60000, "2026-10-03").on("2026-11-20")
    shown = draft(debtor)
    protected(debtor, Period(debtor.today, SPRING))
    with pytest.raises(CannotArrange, match="household's income"):
        arrange(account=debtor.account, draft=shown, consent="signed", **debtor.now)


def test_nobody_is_asked_for_income_without_protection_nor_where_the_law_knows_no_winter(debtor, settings):
    debtor.owes(60000, "2026-10-03").on("2026-11-20")
    settings.UTILITY_LAW = "washington"
    assert draft(debtor).income is None
    settings.UTILITY_LAW = "california-municipal"
    protected(debtor, Period(debtor.today, SPRING))
    assert draft(debtor).total == Money(60000)
