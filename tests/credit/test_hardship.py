"""A hardship that a second person accepted opens a longer plan and waives late and reconnection fees while it holds."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.credit.models import Hardship
from lamplighter.credit.operations.easing import end_hardship
from lamplighter.credit.queries.standing import draft_plan, hardship_of
from lamplighter.credit.rules.arranging import CannotArrange
from lamplighter.credit.rules.facts import Reason
from lamplighter.credit.rules.hardship import CannotEase, Cause
from lamplighter.credit.rules.reconnecting import Off, ReconnectPolicy, When, what_restores
from lamplighter.journeys.easing import ask_hardship
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide

pytestmark = pytest.mark.django_db
RENEE = staff("renee")


def asks(debtor, *, until=date(2027, 3, 1), cause=Cause.INCOME):
    return ask_hardship(
        account=debtor.account, cause=cause, evidence="Layoff letter of Nov 2", paper=None, until=until,
        remark="Hours were cut", **debtor.now,
    )  # fmt: skip


def accepted(debtor, **kwargs):
    approvals.approve(approval=asks(debtor, **kwargs), by=RENEE, at=debtor.at)
    return Hardship.objects.get()


def test_it_holds_from_the_day_on_which_it_was_asked_once_another_person_accepts_it(debtor):
    asked = asks(debtor.on("2026-11-18"))
    assert hardship_of(debtor.account, on=debtor.today) is None, "it waits"
    with pytest.raises(CannotDecide, match="already waiting"):
        asks(debtor)
    with pytest.raises(CannotDecide, match="own request"):
        approvals.approve(approval=asked, by=debtor.now["by"], at=debtor.at)
    approvals.approve(approval=asked, by=RENEE, at=debtor.on("2026-11-20").at)
    found = hardship_of(debtor.account, on=date(2026, 11, 18))
    assert (found.asked_by, found.reviewed_by) == (debtor.now["by"], RENEE)
    assert hardship_of(debtor.account, on=date(2027, 3, 1)) is not None, "its last day"
    assert hardship_of(debtor.account, on=date(2027, 3, 2)) is None
    with pytest.raises(CannotEase, match="on file already"):
        asks(debtor)


@pytest.mark.parametrize(("until", "why"), [(date(2026, 11, 18), "after today"), (date(2028, 1, 1), "365 days")])
def test_it_has_an_end_within_a_year(debtor, until, why):
    with pytest.raises(CannotEase, match=why):
        asks(debtor.on("2026-11-18"), until=until)


def test_a_plan_may_run_for_24_months_while_it_holds_and_for_12_without(debtor):
    debtor.owes(60000, "2026-09-20").on("2026-11-18")
    with pytest.raises(CannotArrange, match="1 to 12 months"):
        draft_plan(debtor.account, down=ZERO, months=24, on=debtor.today)
    held = accepted(debtor)
    draft = draft_plan(debtor.account, down=ZERO, months=24, on=debtor.today)
    assert [one.amount for one in draft.instalments] == [Money(2500)] * 24
    with pytest.raises(CannotArrange, match="1 to 24 months"):
        draft_plan(debtor.account, down=ZERO, months=25, on=debtor.today)
    debtor.on("2026-12-01")
    end_hardship(hardship=held, on=date(2026, 12, 10), by=RENEE, at=debtor.at, remark="Works again")
    with pytest.raises(CannotArrange, match="1 to 12 months"):
        draft_plan(debtor.account, down=ZERO, months=24, on=date(2026, 12, 10))


def test_it_ends_between_tomorrow_and_its_last_day(debtor):
    held = accepted(debtor.on("2026-11-18"))
    for day in (date(2026, 11, 18), date(2027, 3, 2)):
        with pytest.raises(CannotEase, match="It holds to Mar 1, 2027"):
            end_hardship(hardship=held, on=day, by=RENEE, at=debtor.at, remark="")


def test_power_comes_back_without_a_fee_at_any_hour():
    off = {"reason": Reason.NON_PAYMENT, "past_due": Money(18642), "office_open": False}
    policy = ReconnectPolicy()
    with_fees, without = what_restores(Off(**off), policy), what_restores(Off(**off, hardship=True), policy)
    assert with_fees.next_bill == policy.fee
    assert without.next_bill == ZERO
    assert without.now == with_fees.now == Money(18642), "the debt is still to be paid"
    assert not any("After hours" in line.what for line in without.lines)
    assert [line.why for line in without.lines if line.when is When.NEXT_BILL] == [
        "A hardship is on file: no fee, at any hour."
    ]
