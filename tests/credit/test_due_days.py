"""A debt is late when its own bill says so, whatever the rules of billing were set to before or since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.billing.models import Bill
from lamplighter.billing.operations.policies import set_policy
from lamplighter.billing.queries.asking import Asked, asked_for
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import Policy
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.queries.debts import past_due
from lamplighter.credit.rules.facts import Reason
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money
from lamplighter.notices.models import Notice
from tests.credit.conftest import RENEE

pytestmark = pytest.mark.django_db


def rules(debtor, start: str, due_days: int) -> None:
    set_policy(
        policy=Policy(due_days=due_days), citation="Resolution 26-14", on=date.fromisoformat(start), by=RENEE,
        at=debtor.at,
    )  # fmt: skip


def billed(debtor, cents: int, day: str, *, due_on: date | None = None) -> Bill:
    """A bill, and its debt in the books."""
    issued = date.fromisoformat(day)
    debtor.owes(cents, day)
    return Bill.objects.create(
        number=f"B-{day}", account=debtor.account, issued_on=issued, due_on=due_on or policy_on(issued).due_on(issued),
        previous=ZERO, received=ZERO, corrected=ZERO, charges=Money(cents), due=Money(cents), mark=0,
        issued_at=debtor.at, issued_by=RENEE,
    )  # fmt: skip


def asked(debtor, *days: str) -> list[Asked]:
    wanted = [date.fromisoformat(day) for day in days]
    found = asked_for({debtor.account.pk: wanted})
    return [found[debtor.account.pk, day] for day in wanted]


def owed_check(debtor) -> str:
    given = certify(agreement=debtor.agreement, reason=Reason.NON_PAYMENT, by=RENEE, at=debtor.at)
    return next(check["says"] for check in given.checks if check["code"] == "debt")


def test_rules_changed_between_two_bills_and_each_bill_keeps_its_own_day(debtor):
    rules(debtor, "2026-02-01", 14)
    rules(debtor, "2026-09-01", 45)
    billed(debtor, 10000, "2026-08-20")
    billed(debtor, 20000, "2026-09-20")
    debtor.on("2026-09-03")
    assert owed_check(debtor).startswith("$0.00 is past due."), "the last day of the first bill"
    debtor.on("2026-11-04")
    assert owed_check(debtor) == "$100.00 is past due.", "the second bill may still be paid on its 45th day"
    assert [part.amount for part in past_due(debtor.account, on=debtor.today)] == [Money(10000)]
    debtor.on("2026-11-05")
    assert owed_check(debtor) == "$300.00 is past due."


def test_a_certificate_is_refused_until_the_later_day_and_keeps_the_day_that_it_read(debtor):
    rules(debtor, "2026-02-01", 60)
    billed(debtor, 18642, "2026-09-20")
    debtor.on("2026-11-19")
    given = certify(agreement=debtor.agreement, reason=Reason.NON_PAYMENT, by=RENEE, at=debtor.at)
    assert given.facts["debts"] == [{"mailed_on": "2026-09-20", "due_on": "2026-11-19", "amount": 18642}]
    assert "debt" in [check["code"] for check in given.checks if not check["passed"]]
    debtor.on("2026-11-20")
    assert owed_check(debtor) == "$186.42 is past due."


def test_nobody_is_reminded_of_what_may_still_be_paid_in_time(debtor):
    rules(debtor, "2026-02-01", 60)
    billed(debtor, 18642, "2026-09-20")
    debtor.on("2026-11-19")
    assert pass_a_day(**debtor.now).begun == 0
    assert not Notice.objects.exists()
    debtor.on("2026-11-20")
    assert pass_a_day(**debtor.now).begun == 1
    assert Notice.objects.exists()


def test_a_bill_s_own_day_wins_over_the_rules_of_its_day(debtor):
    billed(debtor, 10000, "2026-08-20", due_on=date(2026, 9, 30))
    assert asked(debtor, "2026-08-20") == [Asked(date(2026, 9, 30), date(2026, 8, 20), "B-2026-08-20")]


def test_of_two_bills_of_a_day_the_later_day_counts(debtor):
    billed(debtor, 10000, "2026-08-20", due_on=date(2026, 9, 30))
    Bill.objects.create(
        number="B-2", account=debtor.account, kind=Bill.Kind.INVOICE, issued_on=date(2026, 8, 20),
        due_on=date(2026, 9, 10), previous=ZERO, received=ZERO, corrected=ZERO, charges=ZERO, due=ZERO, mark=0,
        issued_at=debtor.at, issued_by=RENEE,
    )  # fmt: skip
    assert [one.due_on for one in asked(debtor, "2026-08-20")] == [date(2026, 9, 30)]


def test_what_arose_between_bills_is_due_with_the_bill_that_first_asks_for_it(debtor):
    billed(debtor, 10000, "2026-08-20")
    billed(debtor, 10000, "2026-09-20")
    billed(debtor, 10000, "2026-10-20")
    assert asked(debtor, "2026-08-30", "2026-11-02") == [
        Asked(date(2026, 10, 11), date(2026, 9, 20), "B-2026-09-20"),
        Asked(date(2026, 11, 23), date(2026, 11, 2)),
    ], "the second, which no bill has asked for yet, by the rules of its day"


def test_all_due_days_are_asked_for_at_once(debtor, django_assert_num_queries):
    for month in range(1, 11):
        billed(debtor, 1000, f"2026-{month:02d}-20")
    days = [date(2026, 1, 20) + timedelta(days=each) for each in range(300)]
    with django_assert_num_queries(4):
        asked_for({debtor.account.pk: days})
