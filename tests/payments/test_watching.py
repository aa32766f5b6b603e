"""Planted thefts are found, each by its report; an honest day is not."""

from datetime import timedelta

import pytest

from lamplighter.billing.operations.adjusting import adjust
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.payments import operations as payments
from lamplighter.payments.cash.counting import Counted
from lamplighter.payments.cash.watching import suspicions
from lamplighter.payments.operations.counting import count_drawer, explain, verify
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.numbering import next_number
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401

TUAN, RENEE = staff("tuan"), staff("renee")


def found(kind=None):
    rows = suspicions(since=ON - timedelta(days=9), until=ON + timedelta(days=9))
    return [one.kind for one in rows] if kind is None else [one for one in rows if one.kind == kind]


def pays(counter, cents, by=DANA, at=AT, control=None):  # noqa: F811
    tender = TenderIn("cash", Money(cents), Money(cents))
    return payments.post_event(
        control=control or counter.control, tenders=[tender], payments={counter.account: Money(cents)}, on=ON, by=by,
        at=at,
    )  # fmt: skip


def test_an_honest_day_with_one_slip_is_not_told(counter):  # noqa: F811
    slip = pays(counter, 4000)
    payments.reverse_event(event=slip, reason="void", on=ON, by=DANA, at=AT)
    pays(counter, 400)
    pays(counter, 500)
    assert found() == []


def test_cash_that_is_voided_after_the_customer_left_is_found(counter):  # noqa: F811
    for cents in (4000, 6000):
        taken = pays(counter, cents)
        payments.reverse_event(event=taken, reason="void", on=ON, by=DANA, at=AT + timedelta(hours=2))
    told = found("void-after-cash")
    assert [(one.who, one.amount) for one in told] == [("staff:dana", Money(4000)), ("staff:dana", Money(6000))]


def test_skimming_shows_as_drawers_that_are_short_again_and_again(counter):  # noqa: F811
    control = counter.control
    for day in range(3):
        at = AT + timedelta(days=day)
        pays(counter, 5000, at=at, control=control)
        skimmed = Counted({1: 20000 + 5000 - 700}, {})
        count_drawer(control=control, counted=skimmed, by=DANA, at=at)
        explain(control=control, reason="Unknown", on=ON, by=DANA, at=at)
        verify(control=control, counted=skimmed, by=RENEE, at=at)
        if day < 2:
            assert not found("short-again")
        control = payments.open_control(source=control.source, by=DANA, at=at)
    (one,) = found("short-again")
    assert (one.who, one.amount) == ("staff:dana", Money(-2100))


def test_a_receipt_that_was_given_and_never_posted_is_found_by_its_number(counter):  # noqa: F811
    pays(counter, 100)
    next_number("receipt")
    pays(counter, 200)
    (one,) = found("gap")
    assert one.words.startswith("1 receipt number before R-")


def test_lapping_shows_as_own_cash_that_is_moved_on(counter):  # noqa: F811
    others = [counter.place.account(person) for person in (counter.place.hannah, counter.place.luis)]
    for other in others:
        taken = pays(counter, 3000).payments.get()
        payments.move_payment(payment=taken, to=other, amount=Money(3000), on=ON, by=DANA, at=AT)
    assert [one.who for one in found("lapping")] == ["staff:dana", "staff:dana"]


def test_an_adjustment_after_a_cash_payment_by_the_same_person_is_found(counter):  # noqa: F811
    pays(counter, 5000)
    credit = {"agreement": counter.agreement, "kind": "credit", "label": "Goodwill", "amount": Money(-5000),
              "against": "goodwill", "on": ON}  # fmt: skip
    adjust(**credit, source="1", by=RENEE, at=AT)
    assert not found("credit-after-cash"), "another person may credit"
    adjust(**credit, source="2", by=DANA, at=AT + timedelta(days=1))
    (one,) = found("credit-after-cash")
    assert (one.who, abs(one.amount)) == ("staff:dana", Money(5000))


@pytest.mark.parametrize("hours", [0, 1])
def test_a_borrowed_sign_in_shows_as_two_hands_in_one_drawer(counter, hours):  # noqa: F811
    pays(counter, 100)
    pays(counter, 200, by=TUAN, at=AT + timedelta(hours=hours))
    (one,) = found("two-hands")
    assert (one.who, one.words) == ("staff:tuan", "Took money with the drawer of dana")
