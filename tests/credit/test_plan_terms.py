"""The terms of payment plans and of more time are the utility's, from a day on; a plan keeps those it was made with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.credit.operations.arranging import arrange
from lamplighter.credit.operations.holding import extend
from lamplighter.credit.queries.standing import draft_plan, eligibility, plan_policy
from lamplighter.credit.rules.arranging import CannotArrange, PlanPolicy
from lamplighter.journeys.parameters import parameters
from lamplighter.journeys.reviewing import review_plan
from lamplighter.kernel.money import Money
from lamplighter.kernel.policies import CannotSetPolicy
from lamplighter.platform.models import PolicyTerms
from tests.credit.conftest import DANA

TODAY, DECEMBER = date(2026, 11, 20), date(2026, 12, 1)


def change(debtor, on, **figures):
    parameters()[PlanPolicy.key].change(figures, citation="Resolution 26-120", on=on, by=DANA, at=debtor.at)


@pytest.fixture
def late(debtor):
    return debtor.owes(18642, "2026-10-03").on(str(TODAY))


def made(late):
    draft = draft_plan(late.account, down=None, months=3, on=late.today)
    return arrange(account=late.account, draft=draft, consent="signed", **late.now)


def test_what_comes_with_the_program_holds_until_the_utility_sets_its_own(late):
    assert plan_policy(on=TODAY) == PlanPolicy()
    change(late, DECEMBER, minimum="200", grace="9")
    assert plan_policy(on=TODAY) == PlanPolicy()
    now = plan_policy(on=DECEMBER)
    assert (now.minimum, now.grace, now.extension_days) == (Money(20000), 9, PlanPolicy().extension_days)
    assert parameters()[PlanPolicy.key].now(DECEMBER)["minimum"] == "200.00"


def test_a_plan_is_refused_by_the_terms_of_its_day_and_names_them(late):
    change(late, DECEMBER, minimum="200")
    assert eligibility(late.account, on=TODAY).eligible
    refused = eligibility(late.account, on=DECEMBER)
    assert (refused.eligible, refused.cites) == (False, "Resolution 26-120")
    assert "a plan is for $200.00 or more" in refused.why
    late.on(str(DECEMBER))
    with pytest.raises(CannotArrange, match=r"\$200.00 or more"):
        draft_plan(late.account, down=None, months=3, on=late.today)


def test_more_time_is_given_by_the_terms_of_its_day(late):
    change(late, DECEMBER, extension_days="30")
    with pytest.raises(CannotArrange, match="up to 21 days"):
        extend(account=late.account, until=TODAY + timedelta(days=30), **late.now)
    late.on(str(DECEMBER))
    assert extend(account=late.account, until=DECEMBER + timedelta(days=30), **late.now).until == date(2026, 12, 31)


def test_a_plan_keeps_the_grace_with_which_it_was_made(late):
    plan = made(late)
    change(late, DECEMBER, grace="0", reminder="0")
    late.pays(4662)
    late.on("2026-12-20")  # five days after the instalment of the 15th
    assert review_plan(plan=plan, **late.now) is None
    assert review_plan(plan=plan, **late.on("2026-12-21").now) == "broken"


def test_a_plan_of_a_later_day_has_the_grace_of_that_day(late):
    change(late, date(2026, 11, 21), grace="10")
    plan = made(late.on("2026-11-21"))
    late.pays(4662)
    assert review_plan(plan=plan, **late.on("2026-12-25").now) is None
    assert review_plan(plan=plan, **late.on("2026-12-26").now) == "broken"


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        ({"months": "13"}, r"1 to 12 months \(Public Utilities Code 10010"),
        ({"minimum": "-1"}, "A plan is for at least: \\$0.00 to"),
        ({"broken_most": "0"}, "so many broken in a year: 1 to 12, not 0"),
        ({"grace": "3", "reminder": "4"}, "within the 3 days of grace"),
        ({"extension_days": "900"}, "0 to 90"),
    ],
)
def test_terms_that_nobody_can_mean_are_refused(late, figures, why):
    with pytest.raises(CannotSetPolicy, match=why):
        change(late, DECEMBER, **figures)
    assert not PolicyTerms.objects.exists()


def test_terms_are_set_once_for_a_day(late):
    change(late, DECEMBER, minimum="30")
    with pytest.raises(CannotSetPolicy, match="Choose a later day"):
        change(late, DECEMBER, minimum="40")
