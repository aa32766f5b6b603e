"""What the utility decides itself is in force from its day, is cited where it decides, and never changes a statute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.law.parameters import Rule
from lamplighter.credit.law.policy import ShutOffPolicy, under
from lamplighter.credit.models import Process
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.operations.writingoff import propose
from lamplighter.credit.queries.closed import draft_write_off
from lamplighter.credit.queries.standing import draft_plan, law
from lamplighter.credit.rules.arranging import CannotArrange
from lamplighter.credit.rules.collecting import CollectionPolicy
from lamplighter.credit.rules.facts import Reason
from lamplighter.credit.rules.hardship import CannotEase, Cause
from lamplighter.journeys.easing import ask_hardship
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.parameters import OWN, parameters
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import POLICY, CannotSetPolicy
from lamplighter.platform.models import Approval, Event, PolicyTerms
from lamplighter.platform.operations import approvals
from lamplighter.platform.queries.policies import policy_in_force
from tests.credit.conftest import DANA, MONDAY, RENEE, make_ready

RESOLUTION = "Resolution 26-140"


def change(debtor, key, *, on=None, **figures):
    parameters()[key].change(figures, citation=RESOLUTION, on=on or debtor.today, by=DANA, at=debtor.at)


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.key)
def test_every_policy_comes_within_its_own_bounds_and_reads_back_what_it_wrote(kind):
    as_it_comes = kind()
    as_it_comes.check()
    assert kind.read(as_it_comes.plain(), RESOLUTION) == replace(as_it_comes, citation=RESOLUTION)
    assert kind.read({}, POLICY) == as_it_comes, "a figure that an older row does not know"


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.key)
def test_every_figure_is_changed_as_a_policy_types_it(debtor, kind):
    parameter = parameters()[kind.key]
    typed = parameter.now(debtor.today)
    parameter.change(typed, citation=RESOLUTION, on=debtor.today, by=DANA, at=debtor.at)
    assert policy_in_force(kind, on=debtor.today) == replace(kind(), citation=RESOLUTION)
    assert policy_in_force(kind, on=debtor.today - timedelta(days=1)).citation == POLICY
    assert Event.objects.get(name="platform.policy.set").data["about"] == kind.key


@pytest.mark.parametrize(
    ("key", "figures", "why"),
    [
        ("shut-off", {"minimum_debt": "-1"}, r"less than: \$0.00 to \$5,000.00, not"),
        ("shut-off", {"weather_age_hours": "48"}, "1 to 24, not 48"),
        ("collection", {"give_up_days": "20"}, "before a person decides after 20 days"),
        ("pledges", {"longest_days": "30"}, "can't have 45 to remit"),
        ("pledges", {"decide_days": "120"}, "1 to 90, not 120"),
        ("points", {"cut_months": "0"}, "1 to 84, not 0"),
    ],
)
def test_figures_that_nobody_can_mean_are_refused(debtor, key, figures, why):
    with pytest.raises(CannotSetPolicy, match=why):
        change(debtor, key, **figures)
    assert not PolicyTerms.objects.exists()


def test_two_policies_of_one_matter_never_hold_on_one_day(debtor):
    change(debtor, "hardships", days="200")
    with pytest.raises(IntegrityError, match="one_policy_of_a_matter_at_a_time"):
        PolicyTerms.objects.create(
            about="hardships", period=Period(debtor.today), figures={}, citation="x", set_by=DANA
        )


def test_power_stays_on_for_less_than_the_utility_says_and_the_certificate_cites_it(debtor):
    ready = make_ready(debtor)
    assert certify(agreement=ready.agreement, reason=Reason.NON_PAYMENT, by=DANA, at=MONDAY).allowed
    change(ready, "shut-off", minimum_debt="200")
    given = certify(agreement=ready.agreement, reason=Reason.NON_PAYMENT, by=DANA, at=MONDAY)
    failed = {check["code"]: check["cites"] for check in given.checks if not check["passed"]}
    assert (given.allowed, failed["debt"]) == (False, RESOLUTION)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"reconnect_hours": "10"}, "reconnection"),
        ({"opens": "10:30"}, "calendar"),
        ({"closes": "12:00"}, ""),
        ({"notice_lasts_days": "20"}, ""),
    ],
)
def test_each_figure_of_shut_offs_reaches_the_certificate(debtor, figures, code):
    ready = make_ready(debtor)
    change(ready, "shut-off", **figures)
    given = certify(agreement=ready.agreement, reason=Reason.NON_PAYMENT, by=DANA, at=MONDAY)
    assert [check["code"] for check in given.checks if not check["passed"]] == ([code] if code else [])


def test_a_rule_that_stands_in_a_statute_is_not_changed_by_a_policy():
    statute = Rule(Money(100), "RCW 54.16.285", "Power is not turned off for less than $1.00.")
    pack = under(replace(MUNICIPAL, minimum_debt=statute), ShutOffPolicy(minimum_debt=Money(9000), opens=time(9)))
    assert pack.minimum_debt is statute
    assert pack.office.value.opens == time(9)


def test_law_of_a_day_before_is_as_it_was(debtor):
    change(debtor, "shut-off", on=date(2026, 12, 1), minimum_debt="80", opens="9:00")
    assert law(on=date(2026, 11, 30)) == MUNICIPAL
    now = law(on=date(2026, 12, 1))
    assert (now.minimum_debt.value, now.minimum_debt.cites) == (Money(8000), RESOLUTION)
    assert now.office.says == "The office is open from 9:00 to 17:00."


def test_debts_are_collected_by_the_figures_of_the_day_and_what_ran_ends_by_the_new_ones(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    change(debtor, "collection", on=date(2026, 11, 25), notice_over="200", reminder_over="190")
    pass_a_day(**debtor.now)
    assert Process.objects.get().ended_on is None
    pass_a_day(**debtor.on("2026-11-25").now)
    assert Process.objects.get().outcome == "new policy"


def test_letters_about_a_final_bill_come_on_the_days_that_the_utility_sets(debtor):
    debtor.owes(16125, "2026-06-20").on("2026-07-20")
    stop_service(agreement=debtor.agreement, **debtor.now)
    debtor.on("2026-11-20")
    change(debtor, "collection", final_letter_days="30", give_up_days="75")
    pass_a_day(**debtor.now)
    steps = Process.objects.get().steps.order_by("place")
    assert [(one.due_on - debtor.today).days for one in steps] == [0, 30, 75]
    assert policy_in_force(CollectionPolicy, on=debtor.today).answer_days == 45


def test_what_one_person_writes_off_is_the_utilitys_to_say(debtor):
    debtor.owes(2000, "2026-06-20").on("2026-07-20")
    stop_service(agreement=debtor.agreement, **debtor.now)
    debtor.on("2026-11-20")
    ask = {"account": debtor.account, "reason": "uncollectible"}
    assert isinstance(propose(draft=draft_write_off(debtor.account, on=debtor.today), **ask, **debtor.now), Approval)
    change(debtor, "write-offs", on=date(2026, 11, 21), small="20")
    debtor.on("2026-11-21")
    done = propose(draft=draft_write_off(debtor.account, on=debtor.today), **ask, **debtor.now)
    assert done.amount == Money(2000)
    assert debtor.balance(AgreementKind.ENERGY).payoff == Money(0)


def test_a_hardship_holds_and_lengthens_plans_as_the_utility_says(debtor):
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    change(debtor, "hardships", days="60", plan_months="15")
    asked = {"account": debtor.account, "cause": Cause.INCOME, "evidence": "Layoff letter", "paper": None, "remark": ""}
    with pytest.raises(CannotEase, match="60 days at most"):
        ask_hardship(until=date(2027, 2, 1), **asked, **debtor.now)
    approval = ask_hardship(until=date(2027, 1, 10), **asked, **debtor.now)
    approvals.approve(approval=approval, by=RENEE, at=debtor.at)
    assert len(draft_plan(debtor.account, down=None, months=15, on=debtor.today).instalments) == 16
    with pytest.raises(CannotArrange, match="1 to 15 months"):
        draft_plan(debtor.account, down=None, months=16, on=debtor.today)
