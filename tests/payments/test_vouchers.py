"""Refunds by the city's accounts payable: handed over once, answered once, tied, back to the customer if refused."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from lamplighter.formats.payables import CannotRead
from lamplighter.journeys.payables import hand_over_waiting, take_answer
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.cash.tying import untied
from lamplighter.payments.models import Refund, RefundWay
from lamplighter.payments.operations import refunding
from lamplighter.payments.operations.refundways import set_refund_way
from lamplighter.payments.refunds.queries import refundable, refunds, standing_of, waiting, way_on
from lamplighter.payments.refunds.rules import CannotRefund, Means
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import approve
from lamplighter.platform.queries.files import path_of
from lamplighter.worklist.models import Item
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401
from tests.payments.test_refunding import NOW, codes, give, rich  # noqa: F401

VOUCHER = Means("voucher")
LATER = {**NOW, "on": ON + timedelta(4)}


def pays(way, starts_on=ON):
    return set_refund_way(way=RefundWay.Way(way), starts_on=starts_on, citation="Res. 12", **NOW)


@pytest.fixture
def city(rich):  # noqa: F811
    """The city's accounts payable pays refunds, from today."""
    pays("payables")
    return rich


def answer(*lines, cents):
    total = f"T,{len(lines)},{cents // 100}.{cents % 100:02}"
    return take_answer(data="\n".join([*lines, total]).encode(), name="paid.csv", **LATER)


def paid(one, check=88123, on="2026-11-24"):
    return f"P,{one},{on},{one.amount.dollars},{check}"


def test_who_pays_is_dated_and_a_refund_goes_the_way_of_its_day(rich):  # noqa: F811
    assert way_on(ON) == "bank", "until something is set"
    with pytest.raises(CannotRefund, match="paid by us now"):
        give(rich, means=VOUCHER)
    pays("payables", ON + timedelta(1))
    assert (way_on(ON), way_on(ON + timedelta(1))) == ("bank", "payables")
    pays("bank", ON + timedelta(1))
    assert way_on(ON + timedelta(1)) == "bank", "the newer word for a day holds"
    with pytest.raises(CannotRefund, match="today or a later day"):
        pays("payables", ON - timedelta(1))
    pays("payables")
    with pytest.raises(CannotRefund, match="city's accounts payable now"):
        give(rich, means=Means("check"))


def test_what_was_asked_for_before_the_change_is_asked_for_anew(rich):  # noqa: F811
    rich.pays(20000)
    asked = give(rich, 20000)
    assert isinstance(asked, Approval)
    pays("payables")
    with pytest.raises(CannotRefund, match="Ask for this one anew"), transaction.atomic():
        approve(approval=asked, by=staff("renee"), at=AT)
    assert not Refund.objects.exists()


def test_vouchers_are_handed_over_once_and_paid_ones_are_owed_to_the_city(city):
    first, second = give(city, 2000, means=VOUCHER), give(city, 3000, means=VOUCHER)
    assert codes()["refund-vouchers"] == Money(-5000)
    lines = path_of(hand_over_waiting(**NOW)).read_bytes().decode().split("\r\n")
    assert [line.split(",")[:2] for line in lines[:-1]] == [
        ["H", "2026-11-20"], ["V", str(first)], ["V", str(second)], ["T", "2"],
    ]  # fmt: skip
    assert lines[1].endswith(",electric,234.01,20.00")
    assert lines[3] == "T,2,50.00"
    assert waiting("voucher") == []
    with pytest.raises(CannotRefund, match="No refund waits"):
        hand_over_waiting(**NOW)
    taken = answer(paid(second), cents=3000)
    assert (taken.paid, taken.refused, taken.waiting) == (1, 0, 0)
    assert [standing_of(first), standing_of(second)] == ["handed", "paid"]
    shown = refunds().get(pk=second.pk)
    assert (shown.check_number, shown.since) == (88123, date(2026, 11, 24))
    assert (codes()["refund-vouchers"], codes()["payables-paid"]) == (Money(-2000), Money(-3000))
    assert "cash" not in codes(), "our bank paid nothing"
    assert untied() == []


def test_a_refused_voucher_goes_back_to_the_customer_by_a_second_entry_and_a_person_hears_of_it(city):
    made = give(city, means=VOUCHER)
    hand_over_waiting(**NOW)
    assert refundable(city.account) == ZERO
    taken = answer(f"R,{made},2026-11-24,50.00,No such payee", cents=5000)
    assert (taken.paid, taken.refused) == (0, 1)
    assert refundable(city.account) == Money(5000)
    assert "refund-vouchers" not in codes()
    back = made.steps.get(act="refused")
    assert back.entry_id != made.entry_id
    assert "No such payee" in Item.objects.get(kind="payments.payables").summary
    assert untied() == []
    assert isinstance(give(city, means=VOUCHER), Refund), "it can be refunded again"


def test_an_answer_is_read_once_and_what_fits_nothing_waits_for_a_person(city):
    made, other = give(city, 2000, means=VOUCHER), give(city, 1000, means=VOUCHER)
    hand_over_waiting(**NOW)
    never = give(city, 500, means=VOUCHER)
    lines = (paid(made), paid(made, 88124), "P,RF-9-9,2026-11-24,1.00,5", f"P,{other},2026-11-24,9.99,6",
             paid(other, on="2026-11-30"), paid(never))  # fmt: skip
    cents = 2000 + 2000 + 100 + 999 + 1000 + 500
    taken = answer(*lines, cents=cents)
    assert (taken.paid, taken.waiting) == (1, 5)
    said = " ".join(Item.objects.filter(kind="payments.payables").order_by("id").values_list("summary", flat=True))
    for words in (f"line 2: {made} is not with", "no voucher of ours", "$10.00, not over 999 cents",
                  "not answered on 2026-11-30", f"line 6: {never} is not with"):  # fmt: skip
        assert words in said, words
    with pytest.raises(CannotRefund, match="read before"):
        answer(*lines, cents=cents)
    with pytest.raises(CannotRead, match="are announced"):
        answer(paid(other), cents=999)
    assert standing_of(other) == "handed"
    assert untied() == []


def test_check_finds_a_paid_step_that_the_books_do_not_know(city):
    made = give(city, means=VOUCHER)
    hand_over_waiting(**NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_refundstep (refund_id, act, \"on\", check_number, trace, file, recorded_at,"
            " recorded_by) VALUES (%s, 'paid', %s, 7, '', '', %s, 'staff:x')", [made.pk, ON, AT],
        )  # fmt: skip
    assert untied() == [
        "payables-paid: expected −$50.00, found $0.00",
        "refund-vouchers: expected $0.00, found −$50.00",
    ]


def test_a_check_is_never_written_for_a_voucher_nor_a_voucher_handed_over_for_a_check(city):
    made = give(city, means=VOUCHER)
    with pytest.raises(CannotRefund, match="does not wait for a check"):
        refunding.write_checks(refunds=[made], **NOW)
    hand_over_waiting(**NOW)
    with pytest.raises(CannotRefund, match="does not wait for accounts payable"):
        refunding.hand_over(refunds=[made], file="f", **NOW)
