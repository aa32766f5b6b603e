"""Which process a debt calls for: the documented example, conditions before amounts, and the days of the steps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.rules.collecting import ACCELERATED, COURTESY, CollectionPolicy, monitor, plan
from lamplighter.kernel.money import Money
from lamplighter.ledger.rules import Debt

ON = date(2026, 11, 20)
POLICY = CollectionPolicy()


def owing(*debts: tuple[int, int]) -> list[Debt]:
    """(cents, days old)"""
    return [Debt(ON - timedelta(days=age), Money(cents)) for cents, age in debts]


def called_for(*debts, holds=(), debt_class="regulated", collection_class="residential", **more):
    verdict = monitor(
        {debt_class: owing(*debts)}, collection_class=collection_class, holds=holds, on=ON, policy=POLICY, **more
    )
    return verdict.process.key if verdict.process else None


@pytest.mark.parametrize(
    ("debts", "process"),
    [
        ([(501, 51)], "accelerated"),  # over $5 and more than 50 days
        ([(500, 51)], None),  # not over $5
        ([(501, 50)], None),  # not more than 50 days
        ([(2501, 26)], "courtesy"),  # else over $25 at 25 days
        ([(2500, 26)], None),
        ([(2501, 25)], None),
        ([(501, 51), (100000, 26)], "accelerated"),  # the first that is met wins
        ([(500, 51), (2001, 26)], "courtesy"),  # older debt counts among the younger
        ([(500, 51), (2000, 26)], None),
        ([(251, 60), (250, 51)], "accelerated"),
        ([], None),
    ],
)
def test_the_documented_example_accelerated_against_courtesy(debts, process):
    assert called_for(*debts) == process


@pytest.mark.parametrize("hold", [HoldKind.BANKRUPTCY, HoldKind.LEGAL, HoldKind.DISPUTE, HoldKind.REVIEW])
def test_conditions_come_before_amounts_nothing_is_sent(hold):
    assert called_for((10**7, 400), holds=[hold]) is None


@pytest.mark.parametrize("hold", [HoldKind.MEDICAL, HoldKind.LIFE_SUPPORT, HoldKind.PLEDGE, HoldKind.WINTER])
def test_conditions_come_before_amounts_only_a_reminder_is_sent(hold):
    assert called_for((10**7, 400), holds=[hold]) == "courtesy"


def test_a_plan_or_a_promise_comes_before_amounts():
    assert called_for((10**7, 400), on_plan=True) is None


def test_debts_of_a_class_without_a_row_are_never_collected():
    assert called_for((10**7, 400), debt_class="written-off") is None
    assert called_for((10**7, 400), debt_class="other") == "courtesy"
    assert called_for((10**7, 400), collection_class="government") == "courtesy"


def test_each_step_has_its_earliest_day_by_the_law():
    steps = plan(ACCELERATED, on=date(2026, 11, 18), newest_bill=date(2026, 10, 20), pack=MUNICIPAL, policy=POLICY)
    assert [(one.step.key, str(one.due_on)) for one in steps] == [
        ("past-due", "2026-11-18"), ("call", "2026-12-03"), ("review", "2026-12-07"),
    ]  # fmt: skip
    assert [str(one.due_on) for one in plan(COURTESY, on=ON, newest_bill=ON, pack=MUNICIPAL, policy=POLICY)] == [
        "2026-11-20"
    ]


def test_the_notice_waits_until_the_bill_is_19_days_old():
    steps = plan(ACCELERATED, on=date(2026, 11, 18), newest_bill=date(2026, 11, 4), pack=MUNICIPAL, policy=POLICY)
    assert steps[0].due_on == date(2026, 11, 23)
