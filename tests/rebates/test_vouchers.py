"""Rebates where the city's accounts payable pays refunds: by voucher, tied, and a contractor's is handed over again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lamplighter.customers.operations import add_organisation
from lamplighter.journeys.payables import hand_over_waiting, take_answer
from lamplighter.ledger.models import Code, Posting, Settlement
from lamplighter.ledger.operations.settling import ask_settlement, set_department
from lamplighter.payments.cash.tying import untied
from lamplighter.payments.models import Refund, RefundWay
from lamplighter.payments.operations.refundways import set_refund_way
from lamplighter.payments.refunds.queries import refundable, standing_of, waiting, with_payables
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.operations.approvals import approve
from lamplighter.rebates.operations import paying
from lamplighter.rebates.rules.qualifying import Way
from tests.rebates.conftest import JOEL, PETRA, RENEE
from tests.rebates.test_applications import AT, DONE, ready

THEN = DONE + timedelta(days=3)
NOW = {"on": DONE, "by": PETRA, "at": AT}
LATER = {"on": THEN, "by": PETRA, "at": AT + timedelta(days=3)}


@pytest.fixture
def city(shop):
    """From today the city's accounts payable pays."""
    set_refund_way(way=RefundWay.Way.PAYABLES, starts_on=DONE, citation="Res. 12", on=DONE, by=PETRA, at=AT)
    return shop


def answer(line, cents):
    return take_answer(data=f"{line}\nT,1,{cents // 100}.{cents % 100:02}".encode(), name=f"{line}.csv", **LATER)


def test_a_rebate_goes_by_voucher_and_its_money_is_owed_to_the_city(city):
    paying.pay_rebate(application=ready(city, way=Way.CHECK), **NOW)
    made = Refund.objects.get()
    assert (made.method, waiting(Refund.Method.CHECK), waiting(Refund.Method.VOUCHER)) == ("voucher", [], [made])
    legs = {leg.code_id: leg.payoff for leg in Posting.objects.filter(entry=made.entry)}
    assert set(legs) == {"rebates-efficiency", "refund-vouchers"}
    hand_over_waiting(**NOW)
    assert with_payables() == (1, made.amount)
    assert answer(f"P,{made},{THEN},{made.amount.dollars},4711", made.amount.cents).paid == 1
    assert (standing_of(made), untied()) == ("paid", [])
    code, days = Code.objects.get(pk="payables-paid"), {"by": PETRA, "at": AT + timedelta(days=9)}
    set_department(code=code, department="Accounts payable", theirs="", starts_on=DONE, citation="Memo 4", **days)
    asked = ask_settlement(department="Accounts payable", through=THEN, on=DONE + timedelta(days=9), **days)
    approve(approval=asked, by=RENEE, at=days["at"])
    assert Settlement.objects.get().amount == made.amount
    assert untied() == [], "what is settled with the city is owed to it no more"


def test_what_is_refused_is_the_customers_credit_and_a_contractors_goes_again(city):
    volt = add_organisation(name="Volt & Sons", by=JOEL, at=AT)
    paying.pay_rebate(application=ready(city, way=Way.CONTRACTOR, contractor=volt), **NOW)
    made = Refund.objects.get()
    for turn in ("no vendor number", "vendor is blocked"):
        hand_over_waiting(**(NOW if turn.startswith("no") else LATER))
        assert answer(f"R,{made},{THEN},{made.amount.dollars},{turn}", made.amount.cents).refused == 1
        assert waiting(Refund.Method.VOUCHER) == [made]
    assert not refundable(made.account), "it is no credit of the customer's"
    assert untied() == []
    hand_over_waiting(**LATER)
    assert with_payables()[0] == 1
    assert answer(f"P,{made},{THEN},{made.amount.dollars},4712", made.amount.cents).paid == 1
    assert untied() == []
    with pytest.raises(CannotRefund, match="No refund waits"):
        hand_over_waiting(**LATER)
