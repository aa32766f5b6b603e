"""Payments are moved whole or in part, and everything can be undone again; returned items leave the drawer alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, trial_balance
from lamplighter.payments import operations as payments
from lamplighter.payments.queries import expected_in, owed_by
from lamplighter.payments.rules import CannotTake, TenderIn, by_code, looks_like_a_card
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401

NOW = {"on": ON, "by": DANA, "at": AT}


def codes():
    return {code.key: code.payoff for code in trial_balance() if code.payoff}


def test_a_part_is_moved_from_the_credit_first_and_debts_come_back_at_their_age(counter):  # noqa: F811
    counter.owes(5000, date(2026, 8, 1))
    event = counter.pays(6000, kind="check")
    other = counter.place.account(counter.place.hannah)
    paid = event.payments.get()
    payments.move_payment(payment=paid, to=other, amount=Money(1000), **NOW)
    assert counter.balance == ZERO, "the credit of $10.00 went"
    payments.move_payment(payment=paid, to=other, amount=Money(5000), **NOW)
    assert [(debt.owed_on, debt.amount) for debt in owed_by(counter.account)] == [(date(2026, 8, 1), Money(5000))]
    credit = other.agreements.get()
    assert balances([credit.subledger_id])[credit.subledger_id].payoff == Money(-6000)
    assert expected_in(counter.control)["check"] == Money(6000), "no tender moved"
    with pytest.raises(CannotTake, match=r"Of this payment \$0.00 can be moved"):
        payments.move_payment(payment=paid, to=other, amount=Money(1), **NOW)


def test_taking_a_moved_payment_back_takes_it_from_both(counter):  # noqa: F811
    counter.owes(5000, date(2026, 8, 1))
    event = counter.pays(5000)
    other = counter.place.account(counter.place.hannah)
    payments.move_payment(payment=event.payments.get(), to=other, amount=Money(3000), **NOW)
    payments.reverse_event(event=event, reason="void", **NOW)
    assert counter.balance == Money(5000)
    assert [balances([a.subledger_id])[a.subledger_id].payoff for a in other.agreements.all()] == [ZERO]
    assert codes().get("cash-drawers", ZERO) == ZERO
    with pytest.raises(CannotTake, match="nothing to move"):
        payments.move_payment(payment=event.payments.get(), to=other, amount=Money(1), **NOW)


def test_what_the_bank_returned_is_missing_there_and_not_in_the_drawer(counter):  # noqa: F811
    counter.owes(5000, date(2026, 8, 1))
    event = counter.pays(5000, kind="check")
    payments.balance_control(control=counter.control, counted=expected_in(counter.control), by=DANA, at=AT)
    with pytest.raises(CannotTake, match="Its drawer is counted"):
        payments.reverse_event(event=event, reason="entry-error", **NOW)
    payments.reverse_event(event=event, reason="returned", **NOW)
    assert (codes()["cash-drawers"], codes()["returned-items"]) == (Money(5000), Money(-5000))
    assert owed_by(counter.account)[0].owed_on == date(2026, 8, 1)


def test_each_tender_waits_for_its_money_where_it_comes_from(counter):  # noqa: F811
    tenders = [TenderIn("card", Money(300), Money(300), "A1"), TenderIn("cash", Money(200), Money(200)),
               TenderIn("voucher", Money(100), Money(100), "HEAP 7")]  # fmt: skip
    other = counter.place.account(counter.place.hannah)
    payments.post_event(
        control=counter.control, tenders=tenders, payments={counter.account: Money(450), other: Money(150)}, **NOW
    )
    found = codes()
    assert (found["card-clearing"], found["cash-drawers"], found["agency-vouchers"]) == (
        Money(300), Money(200), Money(100),
    )  # fmt: skip


def test_checks_are_refused_from_who_pays_cash_only(counter):  # noqa: F811
    payments.begin_cash_only(account=counter.account, period=Period(ON), reason="Two checks came back", by=DANA, at=AT)
    with pytest.raises(CannotTake, match=r"No checks from account .*: Two checks came back"):
        counter.pays(100, kind="check")
    counter.pays(100)
    with pytest.raises(CannotTake, match="Say why"):
        payments.end_cash_only(account=counter.account, on=ON, by=DANA, at=AT, remark=" ")
    payments.end_cash_only(account=counter.account, on=ON, by=DANA, at=AT, remark="A year without trouble")
    counter.pays(100, kind="check")


@pytest.mark.parametrize(
    ("reference", "card"),
    [("4111 1111 1111 1111", True), ("5500-0000-0000-0004", True), ("A81C22", False), ("1182", False),
     ("4111111111111112", False), ("", False)],
)  # fmt: skip
def test_a_card_number_is_known_by_its_check_digit(reference, card):
    assert looks_like_a_card(reference) is card


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=5), st.data())
def test_tenders_are_used_up_by_payments_to_the_cent(amounts, data):
    whole = sum(amounts)
    cuts = sorted(data.draw(st.sets(st.integers(1, whole - 1), max_size=4))) if whole > 1 else []
    paid = [Money(b - a) for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]
    tenders = [TenderIn("cash" if n % 2 else "card", Money(cents), Money(cents)) for n, cents in enumerate(amounts)]
    borne = by_code(tenders, paid, "cash-drawers")
    assert [total(codes.values()) for codes in borne] == paid
    assert total(codes.get("card-clearing", ZERO) for codes in borne) == total(
        tender.amount for tender in tenders if tender.kind == "card"
    )
