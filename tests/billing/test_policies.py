"""The utility's rules of billing are dated: a bill stays under those of the day on which it was issued."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lamplighter.billing.models import Bill, BillingPolicy
from lamplighter.billing.operations.policies import CannotSet, set_policy
from lamplighter.billing.queries.policies import due_days_of, policy_on
from lamplighter.billing.rules import BackBilling, BudgetPolicy, LatePolicy, Policy
from lamplighter.journeys.billing import bill_now
from lamplighter.journeys.charging import charge_late, invoice
from lamplighter.journeys.rebilling import correct, settle
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event
from tests.town import DANA, FLAT, NIGHTLY

AUGUST, SEPTEMBER = Period(date(2026, 8, 1), date(2026, 9, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
LONGER = Policy(due_days=30, late=LatePolicy(percent=Decimal(3), grace=10))
STRICT = Policy(back=BackBilling(undercharge_months=1, refund_months=1), budget=BudgetPolicy(Money(500), 10, 365))
ADMIN = staff("admin")


def sets(town, policy, on):
    return set_policy(policy=policy, citation="Resolution 26-14", on=date.fromisoformat(on), by=ADMIN, at=town.at)


@pytest.fixture
def ada(town):
    rate = town.adopts(FLAT)
    town.on("2026-08-01").moves_in("Ada", rate)
    town.uses("Ada", Period(AUGUST.start, date(2026, 12, 1)), 1000)
    return town.homes["Ada"]


def billed(town, month, reads_on):
    town.on(reads_on).bills(month, reads_on)
    return town.bill_of("Ada")


def test_a_utility_that_has_set_nothing_has_the_usual_rules(db):
    assert policy_on(date(2026, 9, 1)) == Policy()
    assert Policy().due_on(date(2026, 9, 1)) == date(2026, 9, 22)


def test_a_bill_is_due_by_the_rules_of_its_day_and_stays_so(town, ada):
    first = billed(town, "2026-08-01", "2026-09-01")
    sets(town, LONGER, "2026-10-01")
    second = billed(town, "2026-09-01", "2026-10-01")
    first.refresh_from_db()
    assert (first.due_on, second.due_on) == (date(2026, 9, 22), date(2026, 10, 31))
    assert due_days_of(first, on=town.today) == 21
    assert due_days_of(None, on=town.today) == 30


def test_every_bill_that_a_person_makes_is_due_by_them_too(town, ada):
    sets(town, LONGER, "2026-09-01")
    town.on("2026-09-01")
    now = bill_now(agreement=ada.agreement, until=town.today, on=town.today, by=DANA, at=town.at)
    damage = invoice(
        account=ada.account, label="Pole", amount=Money(500), gl_code="revenue-fees", on=town.today, by=DANA, at=town.at
    )
    town.uses("Ada", AUGUST, 2000)
    _, corrected = correct(
        agreement=ada.agreement, period=AUGUST, reason="reread", on=town.today, by=DANA, at=town.at
    )  # fmt: skip
    assert {bill.due_on for bill in (now, damage, corrected)} == {date(2026, 10, 1)}


def late(town, ada, day):
    town.on(day)
    return charge_late(accounts_due=[ada.account], on=town.today, by=NIGHTLY, at=town.at)


def test_a_late_bill_is_charged_by_the_rules_under_which_it_was_issued(town, ada):
    billed(town, "2026-08-01", "2026-09-01")
    sets(town, LONGER, "2026-09-10")
    (charge,) = late(town, ada, "2026-09-28")
    assert charge.amount == Money(167), "1.5 percent of $111.60 after five days, not 3 after ten"
    second = billed(town, "2026-09-01", "2026-10-01")
    assert late(town, ada, "2026-11-10") == [], "due on October 31, and ten days of grace"
    (charge,) = late(town, ada, "2026-11-11")
    assert (charge.label, charge.amount) == (
        f"Late charge on {second.due}",
        Money.nearest(second.due.dollars * 3 / 100),
    )


def test_a_correction_reaches_as_far_as_the_rules_of_its_day(town, ada):
    billed(town, "2026-08-01", "2026-09-01")
    billed(town, "2026-09-01", "2026-10-01")
    town.uses("Ada", Period(AUGUST.start, SEPTEMBER.end), 2000)
    sets(town, STRICT, "2026-10-05")
    before, _ = correct(agreement=ada.agreement, period=AUGUST, reason="reread", on=date(2026, 10, 4), by=DANA,
                        at=town.at, policy=BackBilling(threshold=Money(10_000_000)))  # fmt: skip
    assert len(before.was) == 2
    after, bill = correct(agreement=ada.agreement, period=AUGUST, reason="reread", on=date(2026, 10, 5), by=DANA,
                          at=town.at)  # fmt: skip
    assert [segment.period for segment in after.was] == [SEPTEMBER]
    assert [segment.period for segment in after.beyond] == [AUGUST]
    assert bill.kind == Bill.Kind.CORRECTION


def test_rules_follow_each_other_and_are_told(town):
    first = sets(town, LONGER, "2026-09-01")
    sets(town, STRICT, "2026-10-01")
    first.refresh_from_db()
    assert first.period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert [policy_on(date(2026, month, 1)) for month in (8, 9, 10)] == [Policy(), LONGER, STRICT]
    event = Event.objects.filter(name="billing.policy.set").first()
    assert (event.data["due_days"], event.data["citation"], str(event.actor)) == (30, "Resolution 26-14", "staff:admin")


def test_rules_are_not_set_for_bills_that_are_issued(town, ada):
    billed(town, "2026-08-01", "2026-09-01")
    with pytest.raises(CannotSet, match=r"Bills are issued on Sep 1, 2026 or later already\. Choose a day"):
        sets(town, LONGER, "2026-09-01")
    sets(town, LONGER, "2026-09-02")
    with pytest.raises(CannotSet, match="are set already"):
        sets(town, STRICT, "2026-09-02")


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(due_days=0), "within 1 to 90 days"),
        (Policy(late=replace(LatePolicy(), percent=Decimal(15))), "0 to 10 percent"),
        (Policy(late=replace(LatePolicy(), least=Money(-1))), "zero or more"),
        (Policy(back=BackBilling(refund_months=0)), "one month at least"),
        (Policy(budget=BudgetPolicy(off_by=0)), "1 to 100 percent"),
        (Policy(budget=BudgetPolicy(settle_days=400)), "300 to 366 days"),
    ],
)
def test_rules_that_make_no_sense_are_refused(town, policy, said):
    with pytest.raises(CannotSet, match=said):
        sets(town, policy, "2026-09-01")
    assert not BillingPolicy.objects.exists()


def test_two_sets_of_rules_never_hold_on_one_day(town):
    row = sets(town, LONGER, "2026-09-01")
    row.pk, row.period = None, Period(date(2026, 12, 1))
    with pytest.raises(IntegrityError, match="one_policy_at_a_time"), transaction.atomic():
        row.save(force_insert=True)


def test_a_request_is_settled_within_the_rules_of_the_day(town, ada):
    billed(town, "2026-08-01", "2026-09-01")
    sets(town, STRICT, "2026-11-01")
    town.on("2026-11-02").uses("Ada", AUGUST, 2000)
    request = ada.agreement.rebill_requests.create(
        period=AUGUST, reason="reread", cause="test", asked_at=town.at, asked_by=DANA
    )
    assert settle(request=request, on=town.today, by=DANA, at=town.at) is None
    request.refresh_from_db()
    assert request.state == "too-old"
