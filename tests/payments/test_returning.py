"""The bank sends items back: only what came back is owed again, where its money stood, as old as it was."""

from datetime import date, timedelta

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.types import AgreementKind
from lamplighter.journeys.control import cash_ties
from lamplighter.journeys.paying import move_payment, take_payment
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import balances, trial_balance
from lamplighter.payments.models import CashOnly
from lamplighter.payments.queries import expected_in, owed_by
from lamplighter.payments.rules import CannotTake, ReturnedPolicy, TenderIn
from lamplighter.platform.models import Event
from lamplighter.platform.operations.policies import put_in_force
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401

NOW = {"on": ON, "by": DANA, "at": AT}
AUGUST, OCTOBER = date(2026, 8, 1), date(2026, 10, 1)


@pytest.fixture
def other(counter):  # noqa: F811
    """Hannah, who owes $30.00 since October."""
    account = counter.place.account(counter.place.hannah)
    agreement = accounts.start_agreement(account=account, kind=AgreementKind.INVOICE, on=OCTOBER, by=DANA, at=AT)
    legs = (Leg(agreement.type.control_code, Money(3000), agreement.subledger_id, owed_on=OCTOBER),
            Leg("revenue-fees", Money(-3000)))  # fmt: skip
    ledger.post(draft=Draft("bill:hannah", "bill", OCTOBER, legs), at=AT, by=DANA)
    yield account
    assert cash_ties().differences == ()


def takes(counter, *tenders, to=None):  # noqa: F811
    whole = sum(cents for _, cents in tenders)
    return take_payment(
        key=None, control=counter.control, payments_to=to or {counter.account: Money(whole)}, on=ON, by=DANA, at=AT,
        tenders=[TenderIn(kind, Money(cents), Money(cents), "1") for kind, cents in tenders],
    )  # fmt: skip


def owes(account):
    return [(debt.owed_on, debt.amount.cents) for debt in owed_by(account)]


def barred(account):
    return CashOnly.objects.filter(account=account).exists()


def test_a_check_that_was_moved_on_comes_back_where_it_stood(counter, other):  # noqa: F811
    """The wrong customer, who gave no check, pays no fee and may pay by check."""
    counter.owes(5000, AUGUST)
    for _ in range(2):
        event = takes(counter, ("check", 3000))
        assert owes(counter.account) == [(AUGUST, 2000)]
        move_payment(payment=event.payments.get(), to=other, amount=Money(3000), **NOW)
        assert owes(counter.account) == [(AUGUST, 5000)], "at its own age"
        assert (OCTOBER, 3000) not in owes(other)
        return_item(event=event, **NOW)
    assert owes(counter.account) == [(AUGUST, 5000)]
    assert owes(other) == [(OCTOBER, 3000), (ON, 2500 + 3500)], "the first fee, and that of the second within a year"
    assert (barred(counter.account), barred(other)) == (False, True)
    told = Event.objects.filter(name="payments.payment.reversed")
    assert {row.account for row in told} == {other.pk}, "it is told where the money stood"


def test_a_part_that_was_moved_comes_back_from_both(counter, other):  # noqa: F811
    counter.owes(5000, AUGUST)
    event = takes(counter, ("check", 5000))
    move_payment(payment=event.payments.get(), to=other, amount=Money(2000), **NOW)
    return_item(event=event, fee=False, **NOW)
    assert owes(counter.account) == [(AUGUST, 5000)]
    assert owes(other) == [(OCTOBER, 3000)]


def test_cash_that_came_with_a_returned_check_stays_paid(counter, other):  # noqa: F811
    counter.owes(6000, AUGUST)
    event = takes(counter, ("cash", 4000), ("check", 2000))
    held = expected_in(counter.control)
    return_item(event=event, fee=False, **NOW)
    assert owes(counter.account) == [(AUGUST, 2000)]
    assert expected_in(counter.control) == held, "the drawer has what it had"
    assert {code.key: code.payoff.cents for code in trial_balance()}["returned-items"] == -2000
    with pytest.raises(CannotTake, match="reversed already"):
        return_item(event=event, **NOW)


def test_of_two_checks_one_comes_back_and_is_owed_by_the_last_that_it_paid(counter, other):  # noqa: F811
    counter.owes(6000, AUGUST)
    event = takes(counter, ("check", 7000), ("check", 1500), to={counter.account: Money(6000), other: Money(2500)})
    small = event.tenders.get(amount=1500)
    return_item(event=event, tender=small, fee=False, **NOW)
    assert owes(counter.account) == []
    assert owes(other) == [(OCTOBER, 2000)]


def test_cash_alone_does_not_come_back(counter):  # noqa: F811
    event = takes(counter, ("cash", 700))
    with pytest.raises(CannotTake, match="Cash does not come back"):
        return_item(event=event, **NOW)


def test_what_went_back_to_a_card_bars_no_checks(counter):  # noqa: F811
    counter.owes(9000, AUGUST)
    for _ in range(3):
        return_item(event=takes(counter, ("card", 1000)), fee=False, **NOW)
    assert not barred(counter.account)
    return_item(event=takes(counter, ("check", 1000)), **NOW)
    assert not barred(counter.account)
    return_item(event=takes(counter, ("check", 1000)), **NOW)
    assert barred(counter.account)


def test_how_many_bar_checks_and_for_how_long_is_the_utilitys_own_figure(counter):  # noqa: F811
    counter.owes(9000, AUGUST)
    policy = ReturnedPolicy(times=1, within_days=90, for_days=30, citation="Resolution 2026-14")
    put_in_force(policy=policy, on=AUGUST, by=DANA, at=AT)
    return_item(event=takes(counter, ("check", 1000)), **NOW)
    running = CashOnly.objects.get(account=counter.account)
    assert running.period == Period(ON, ON + timedelta(days=30))
    assert running.reason == "1 payment came back within 90 days"


def test_what_came_back_more_than_a_year_ago_bars_nobody(counter):  # noqa: F811
    counter.owes(9000, AUGUST)
    long_ago = ON - timedelta(days=365)
    return_item(event=takes(counter, ("check", 1000)), on=long_ago, by=DANA, at=AT)
    return_item(event=takes(counter, ("check", 1000)), **NOW)
    assert not barred(counter.account)
    assert balances([counter.agreement.subledger_id])[counter.agreement.subledger_id].payoff == Money(9000 + 5000)
    assert expected_in(counter.control)["check"] - Money(2000) == ZERO
