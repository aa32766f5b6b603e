"""Credits are paid out once, by check or ACH; what becomes of each keeps the books whole; banks take our files."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction

from lamplighter.formats.nacha.checker import faults
from lamplighter.formats.nacha.writer import CannotWrite, Credit, Origin, credits_file
from lamplighter.journeys import paying_out
from lamplighter.journeys.carrying import read_bank_file
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.numerals import dollars_in_words
from lamplighter.ledger.queries import trial_balance
from lamplighter.payments.cash.tying import untied
from lamplighter.payments.models import BankMatch, Refund
from lamplighter.payments.operations import refunding
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.payments.refunds.queries import refundable, standing_of, unclaimed_credits, waiting
from lamplighter.payments.refunds.rules import CannotRefund, Means, check_bank
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide, approve
from lamplighter.platform.operations.limits import set_limit
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.platform.queries.files import path_of
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.papers import bai2
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401

NOW = {"on": ON, "by": DANA, "at": AT}
ADA = staff("ada")
BANK = Means("ach", "121000358", "12345678")


@pytest.fixture
def rich(counter, settings, tmp_path):  # noqa: F811
    """A customer with $50.00 too much, a clerk who may refund $100, a supervisor with $500."""
    settings.STATE = tmp_path
    for name, role, permission, cents in (
        ("dana", "senior-csr", "adjustments.ask", 10000), ("renee", "supervisor", "adjustments.approve", 50000),
    ):  # fmt: skip
        user = add_user(username=name, name=name.title(), kind="staff", by=ADA, at=AT)
        grant_role(user=user, role=role, on=ON, by=ADA, at=AT)
        set_limit(role=role, permission=permission, amount=Money(cents), on=ON, by=ADA, at=AT)
    set_bank_account(
        bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power",
        company="1946001234", by=DANA, at=AT,
    )  # fmt: skip
    counter.owes(1000, date(2026, 11, 1))
    counter.pays(6000)
    return counter


def codes():
    return {code.key: code.payoff for code in trial_balance() if code.payoff}


def give(rich, cents=5000, means=None):
    return refunding.refund(
        account=rich.account, amount=Money(cents), means=means or Means("check"), remark="moved", **NOW
    )


def test_a_credit_is_paid_out_once_and_no_more(rich):
    assert refundable(rich.account) == Money(5000)
    made = give(rich)
    assert isinstance(made, Refund)
    assert refundable(rich.account) == ZERO
    assert codes()["refund-checks"] == Money(-5000)
    with pytest.raises(CannotRefund, match=r"has \$0.00 that can be refunded"):
        give(rich, 1)


def test_what_is_owed_elsewhere_is_kept(rich):
    rich.owes(3000, date(2026, 11, 2))
    with pytest.raises(CannotRefund, match=r"\$20.00 that can be refunded"):
        give(rich, 2001)


def test_above_the_limit_another_person_decides_and_a_spent_credit_is_not_paid_again(rich):
    rich.pays(20000)
    asked = give(rich, 20000)
    assert isinstance(asked, Approval)
    assert not Refund.objects.exists()
    with pytest.raises(CannotDecide, match="Nobody approves their own"):
        approve(approval=asked, by=DANA, at=AT)
    refunding.refund(account=rich.account, amount=Money(6000), means=Means("check"), remark="part", **NOW)
    with pytest.raises(CannotRefund, match=r"has \$190.00"), transaction.atomic():
        approve(approval=asked, by=staff("renee"), at=AT)
    rich.pays(2000)
    approve(approval=asked, by=staff("renee"), at=AT)
    assert refundable(rich.account) == Money(1000)


def test_a_check_is_written_voided_written_anew_and_cleared(rich):
    made = give(rich)
    (first,) = refunding.write_checks(refunds=waiting("check"), **NOW)
    assert waiting("check") == []
    refunding.void_check(refund=made, remark="lost", again=True, **NOW)
    second = made.steps.latest("id")
    assert (second.act, second.check_number) == ("written", first.check_number + 1)
    lines = paying_out.positive_pay(ON).splitlines()
    assert [line.split(",")[0] for line in lines] == ["I", "C", "I"]
    assert lines[0] == f"I,000123456789,{first.check_number},112026,50.00,{paying_out.payee_of(made, ON)}"
    refunding.clear(refund=made, **NOW)
    assert codes().get("refund-checks", ZERO) == ZERO
    with pytest.raises(CannotRefund, match="no check that is out"):
        refunding.void_check(refund=made, remark="late", again=False, **NOW)


def test_a_voided_check_may_go_back_on_the_account(rich):
    made = give(rich)
    refunding.write_checks(refunds=[made], **NOW)
    refunding.void_check(refund=made, remark="they moved back", again=False, **NOW)
    assert refundable(rich.account) == Money(5000)
    assert standing_of(made) == "back"


def test_an_ach_refund_goes_into_a_file_that_a_strict_reader_takes(rich):
    made = give(rich, means=BANK)
    assert "12345678" not in made.bank.sealed
    sha256 = paying_out.send_waiting(**NOW)
    data = path_of(sha256).read_bytes()
    assert faults(data) == []
    entry = data.decode().splitlines()[2]
    assert (entry[:3], entry[3:12], entry[12:29].strip(), entry[29:39]) == (
        "622",
        "121000358",
        "12345678",
        "0000005000",
    )
    with pytest.raises(CannotRefund, match="no check that is out"):
        refunding.clear(refund=made, **NOW)
    with pytest.raises(CannotRefund, match="No refund waits"):
        paying_out.send_waiting(**NOW)


@pytest.mark.parametrize("first", ["the bank takes the file", "one comes back"])
def test_the_bank_takes_a_file_of_refunds_whole_and_one_comes_back(rich, first):
    """In either order: nothing is left waiting, and the account has its money again."""
    give(rich, 2000, means=BANK)
    back = give(rich, 3000, means=BANK)
    paying_out.send_waiting(**NOW)
    taken = partial(
        read_bank_file, name="bank.bai", by=DANA, at=AT, data=bai2("000123456789", ON, [("466", 5000, "ACH")])
    )
    returned = partial(refunding.returned_by_bank, refund=back, remark="R03", **NOW)
    for act in (taken, returned) if first.startswith("the bank") else (returned, taken):
        act()
        assert untied() == []
    assert BankMatch.objects.get().what == "refunds"
    assert "refund-ach" not in codes()
    assert codes()["returned-items"] == Money(3000), "the bank will give it back"
    assert refundable(rich.account) == Money(3000)
    assert [standing_of(one) for one in Refund.objects.order_by("id")] == ["cleared", "returned"]
    read_bank_file(data=bai2("000123456789", ON + timedelta(1), [("257", 3000, "RETURN")]), name="b", by=DANA, at=AT)
    assert "returned-items" not in codes()
    with pytest.raises(CannotRefund, match="was not sent"):
        returned()


def test_idle_credits_of_people_who_left_are_found(rich):
    assert unclaimed_credits(on=ON + timedelta(days=400)) == [], "service still runs"
    type(rich.agreement).objects.filter(pk=rich.agreement.pk).update(period=rich.agreement.period.ending(ON))
    (found,) = unclaimed_credits(on=ON + timedelta(days=91))
    assert (found.amount, found.since, found.ours_on) == (Money(5000), ON, date(2029, 11, 20))


@pytest.mark.parametrize(
    ("routing", "number"), [("121000359", "12345678"), ("12100035", "12345678"), ("121000358", "1")]
)
def test_a_bank_account_that_cannot_be_is_refused(routing, number):
    with pytest.raises(CannotRefund):
        check_bank(routing, number)


ORIGIN = Origin("121000358", "First Bay Bank", "1946001234", "Marisol Bay Power")


def test_the_checker_finds_what_is_amiss_in_a_file():
    entries = [Credit("121000358", "1", 100, "RF-1", "Ánn"), Credit("121000358", "2", 200, "RF-2", "Bo", savings=True)]
    whole = credits_file(ORIGIN, entries, made=AT, pays_on=date(2026, 11, 23), batch=7)
    assert faults(whole.data) == []
    assert len(whole.data.splitlines()) % 10 == 0
    text = whole.data.decode()
    assert any("credits" in fault for fault in faults(text.replace("0000000200", "0000000300", 1).encode()))
    assert any("check digit" in fault for fault in faults(text.replace("622121000358", "622121000359", 1).encode()))
    assert faults(text.replace("\n9000001", "\n7000001", 1).encode())
    assert faults(text[:500].encode())
    with pytest.raises(CannotWrite):
        credits_file(ORIGIN, [Credit("121000358", "1", 0, "RF", "x")], made=AT, pays_on=ON, batch=1)


@pytest.mark.corpus
def test_the_checker_agrees_with_public_files(shared):
    folder = shared / "data" / "formats" / "ach"
    for name in ("ppd-credit.ach", "web-debit.ach", "ccd-debit.ach", "two-micro-deposits.ach"):
        assert faults((folder / name).read_bytes()) == [], name
    assert faults((folder / "ppd-debit-customTraceNumber.ach").read_bytes())


@pytest.mark.parametrize(
    ("cents", "words"),
    [(41200, "Four hundred twelve and 00/100 dollars"), (5, "Zero and 05/100 dollars"),
     (2100001_19, "Two million one hundred thousand one and 19/100 dollars"), (9999, "Ninety-nine and 99/100 dollars")],
)  # fmt: skip
def test_amounts_are_written_out(cents, words):
    assert dollars_in_words(Money(cents)) == words
