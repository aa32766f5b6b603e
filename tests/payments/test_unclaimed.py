"""Checks that nobody cashed: held, given to their owner when they ask, the utility's after its years and a notice."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from lamplighter.customers.operations import add_organisation
from lamplighter.journeys import paying_out
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.cash.tying import untied
from lamplighter.payments.operations.refunding import pay_out, void_check, write_checks
from lamplighter.payments.operations.unclaimed import ask_to_take_over, claim, declare_unclaimed
from lamplighter.payments.refunds.queries import refundable, standing_of
from lamplighter.payments.refunds.rules import CannotRefund, check_notice, ours_on, stale_on
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide, approve
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.test_payments import DANA, ON, counter  # noqa: F401
from tests.payments.test_refunding import NOW, codes, give, rich  # noqa: F401


@pytest.fixture
def held(rich):  # noqa: F811
    """$50.00 of a check that nobody cashed."""
    made = give(rich)
    write_checks(refunds=[made], **NOW)
    declare_unclaimed(refund=made, **NOW)
    return made


def test_an_uncashed_check_is_held_and_the_bank_told_not_to_pay_it(held):
    assert codes()["unclaimed"] == Money(-5000)
    assert codes().get("refund-checks", ZERO) == ZERO
    assert [line.split(",")[0] for line in paying_out.positive_pay(ON).splitlines()] == ["I", "C"]
    assert untied() == []
    assert stale_on(date(2026, 11, 20)) == date(2027, 5, 20)
    assert ours_on(date(2024, 2, 29)) == date(2027, 2, 28)


def test_its_owner_gets_a_new_check_which_may_go_stale_and_be_asked_for_again(held):
    first = held.steps.get(act="written").check_number
    for turn in (1, 2):
        claim(refund=held, remark="Her daughter, with the will", again=True, **NOW)
        assert standing_of(held) == "written"
        assert held.steps.latest("id").check_number == first + turn
        assert codes()["refund-checks"] == Money(-5000)
        assert untied() == []
        declare_unclaimed(refund=held, **NOW)
    assert codes()["unclaimed"] == Money(-5000)
    assert untied() == []


def test_its_owner_may_have_it_on_the_account(held, rich):  # noqa: F811
    with pytest.raises(CannotRefund, match="Say who asked"), transaction.atomic():
        claim(refund=held, remark=" ", again=False, **NOW)
    claim(refund=held, remark="Came back", again=False, **NOW)
    assert (standing_of(held), refundable(rich.account)) == ("back", Money(5000))
    assert codes().get("unclaimed", ZERO) == ZERO
    assert untied() == []
    with pytest.raises(CannotRefund, match="not held as unclaimed"):
        claim(refund=held, remark="Came back", again=False, **NOW)


def test_it_is_taken_over_after_three_years_and_a_notice_by_a_second_person_alone(held):
    """Written on November 20, 2026: a notice from November 20, 2029 on, and the 45th day after it is January 4."""
    published, then = date(2029, 11, 20), datetime(2030, 1, 4, 18, tzinfo=UTC)
    asked = {"refund": held, "newspaper": "Marisol Bay Ledger", "by": DANA, "at": then}
    with pytest.raises(CannotRefund, match="first be published on Nov 20, 2029"), transaction.atomic():
        ask_to_take_over(first_published=date(2029, 11, 19), on=then.date(), **asked)
    with pytest.raises(CannotRefund, match="taken over from Jan 4, 2030"), transaction.atomic():
        ask_to_take_over(first_published=published, on=date(2030, 1, 3), **asked)
    approval = ask_to_take_over(first_published=published, on=then.date(), **asked)
    with pytest.raises(CannotDecide), transaction.atomic():
        approve(approval=approval, by=DANA, at=then)
    approve(approval=approval, by=staff("renee"), at=then)
    assert (standing_of(held), codes()["unclaimed-taken"]) == ("taken", Money(-5000))
    assert "unclaimed" not in codes()
    assert untied() == []


def test_an_owner_who_asks_while_the_decision_waits_comes_first(held):
    then = datetime(2030, 1, 4, 18, tzinfo=UTC)
    approval = ask_to_take_over(refund=held, newspaper="Marisol Bay Ledger", first_published=date(2029, 11, 20),
                                on=then.date(), by=DANA, at=then)  # fmt: skip
    claim(refund=held, remark="His passport", again=True, on=then.date(), by=DANA, at=then)
    with pytest.raises(CannotRefund, match="not held as unclaimed"), transaction.atomic():
        approve(approval=approval, by=staff("renee"), at=then)
    assert Approval.objects.get().state == "waiting"
    assert standing_of(held) == "written"


def test_the_notices_days_are_counted_from_its_first():
    ours = date(2029, 11, 20)
    check_notice(ours, ours, date(2030, 1, 4))
    with pytest.raises(CannotRefund):
        check_notice(ours, ours, date(2030, 1, 3))


def test_money_made_out_to_another_never_lands_on_the_customers_account(rich):  # noqa: F811
    """A contractor's check that is void or held is written again, or nothing is done at all."""
    volt = add_organisation(name="Volt & Sons", by=DANA, at=NOW["at"])
    made = pay_out(
        account=rich.account, amount=Money(7000), against="rebates-efficiency", kind="rebate", payee=volt, **NOW
    )
    write_checks(refunds=[made], **NOW)
    with pytest.raises(CannotRefund, match="somebody else"), transaction.atomic():
        void_check(refund=made, remark="lost", again=False, **NOW)
    assert standing_of(made) == "written"
    declare_unclaimed(refund=made, **NOW)
    with pytest.raises(CannotRefund, match="somebody else"), transaction.atomic():
        claim(refund=made, remark="Their book-keeper", again=False, **NOW)
    assert (standing_of(made), codes()["unclaimed"]) == ("stale", Money(-7000))
    claim(refund=made, remark="Their book-keeper", again=True, **NOW)
    assert (standing_of(made), codes()["refund-checks"]) == ("written", Money(-7000))
    assert refundable(rich.account) == Money(5000), "what is theirs stays as it was"
