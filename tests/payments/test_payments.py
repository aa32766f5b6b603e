"""Payments: spread by rule, in a control, once; reversed whole with their ages."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.types import AgreementKind
from lamplighter.journeys.moving import start_service
from lamplighter.journeys.paying import take_payment
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import ageing, balances, differences, trial_balance
from lamplighter.payments import operations as payments
from lamplighter.payments.models import PaymentEvent, Tender, TenderControl
from lamplighter.payments.queries import expected_in, owed_by
from lamplighter.payments.rules import CannotTake, Owed, TenderIn, distribute
from lamplighter.platform.operations.requests import KeyReused
from tests.accounts.conftest import place  # noqa: F401

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 20)


class Counter:
    """A customer with service and a drawer that is open."""

    def __init__(self, place):  # noqa: F811
        self.place = place
        self.account = place.account(place.luis)
        self.agreement = start_service(
            account=self.account, points=(place.point,), schedule=place.schedule, on=date(2026, 1, 1), by=DANA, at=AT
        ).started
        source = payments.define_source(
            key="drawer-2", name="Drawer 2", kind="drawer", opening_float=Money(20000), gl_code="cash-drawers"
        )
        self.control = payments.open_control(source=source, by=DANA, at=AT)

    def owes(self, cents, on):
        legs = (
            Leg("receivable", Money(cents), self.agreement.subledger_id, owed_on=on),
            Leg("revenue-residential", Money(-cents)),
        )
        ledger.post(draft=Draft(f"bill:{on}", "bill", on, legs), at=AT, by=DANA)

    def pays(self, cents, handed=None, kind="cash", key=None, to=None):
        tender = TenderIn(kind, Money(cents), Money(handed or cents))
        return take_payment(
            key=key or uuid4(), control=self.control, tenders=[tender], payments_to={to or self.account: Money(cents)},
            on=ON, by=DANA, at=AT,
        )  # fmt: skip

    @property
    def balance(self):
        return balances([self.agreement.subledger_id])[self.agreement.subledger_id].payoff


@pytest.fixture
def counter(place):  # noqa: F811
    made = Counter(place)
    yield made
    assert differences() == []


def test_a_part_payment_pays_the_oldest_first(counter):
    counter.owes(8466, date(2026, 11, 1))
    counter.owes(12641, date(2026, 10, 1))
    event = counter.pays(6000, handed=10000)
    assert counter.balance == Money(15107)
    assert [(o.owed_on, o.amount) for o in owed_by(counter.account)] == [
        (date(2026, 10, 1), Money(6641)), (date(2026, 11, 1), Money(8466)),
    ]  # fmt: skip
    assert event.tenders.get().handed_over - event.tenders.get().amount == Money(4000)
    assert expected_in(counter.control) == {"cash": Money(26000)}
    assert ageing([counter.agreement.subledger_id], on=ON, due_days=21).past_due == Money(6641)


def test_what_is_too_much_becomes_a_credit(counter):
    counter.owes(5000, date(2026, 11, 1))
    counter.pays(50000, kind="check")
    credit = counter.account.agreements.get(kind=AgreementKind.EXCESS_CREDIT)
    assert balances([credit.subledger_id])[credit.subledger_id].payoff == Money(-45000)
    assert counter.balance == ZERO
    counter.pays(100)
    assert counter.account.agreements.filter(kind=AgreementKind.EXCESS_CREDIT).count() == 1


def test_sent_twice_paid_once(counter):
    counter.owes(5000, date(2026, 11, 1))
    key = uuid4()
    assert counter.pays(5000, key=key) == counter.pays(5000, key=key)
    assert PaymentEvent.objects.count() == 1
    with pytest.raises(KeyReused):
        counter.pays(4000, key=key)


def test_one_check_for_two_accounts(counter):
    other = counter.place.account(counter.place.hannah)
    event = payments.post_event(
        control=counter.control, tenders=[TenderIn("check", Money(300), Money(300), "1182")],
        payments={counter.account: Money(100), other: Money(200)}, on=ON, by=DANA, at=AT,
    )  # fmt: skip
    assert sorted(p.amount for p in event.payments.all()) == [Money(100), Money(200)]
    assert {c.key: c.payoff for c in trial_balance()}["cash-drawers"] == Money(300)


@pytest.mark.parametrize(
    ("tender", "paid", "says"),
    [
        (TenderIn("cash", Money(100), Money(100)), Money(90), "tenders are \\$1.00 and the payments \\$0.90"),
        (TenderIn("cash", Money(18642), Money(10000)), Money(18642), "does not cover \\$186.42"),
        (TenderIn("check", Money(100), Money(200)), Money(100), "from cash only"),
        (TenderIn("cash", Money(0), Money(0)), Money(0), "more than \\$0.00"),
        (TenderIn("cash", Money(-5), Money(-5)), Money(-5), "more than \\$0.00"),
    ],
)
def test_an_unbalanced_event_posts_nothing(counter, tender, paid, says):
    with pytest.raises(CannotTake, match=says):
        payments.post_event(
            control=counter.control, tenders=[tender], payments={counter.account: paid}, on=ON, by=DANA, at=AT
        )
    assert Tender.objects.count() == PaymentEvent.objects.count() == 0


def test_a_closed_drawer_takes_nothing(counter):
    TenderControl.objects.update(state="balanced")
    with pytest.raises(CannotTake, match="Drawer 2 is closed"):
        counter.pays(100)


def test_a_drawer_opens_once(counter):
    with pytest.raises(CannotTake, match="open already"):
        payments.open_control(source=counter.control.source, by=DANA, at=AT)


def test_a_reversal_gives_the_debt_its_age_back(counter):
    counter.owes(10000, date(2026, 8, 1))
    event = counter.pays(10000)
    payments.reverse_event(event=event, reason="returned", on=ON, by=DANA, at=AT)
    assert [(o.owed_on, o.amount) for o in owed_by(counter.account)] == [(date(2026, 8, 1), Money(10000))]
    assert expected_in(counter.control) == {"cash": Money(30000)}, "what the bank returned had been in the drawer"
    with pytest.raises(CannotTake, match="reversed already"):
        payments.reverse_event(event=event, reason="void", on=ON, by=DANA, at=AT)


OWED = st.builds(
    Owed, st.integers(1, 4), st.sampled_from([10, 20, 90]), st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.integers(1, 30000).map(Money),
)  # fmt: skip


@given(st.integers(1, 100000).map(Money), st.lists(OWED, max_size=8))
def test_spreading_loses_no_cent_and_overpays_nobody(amount, owed):
    shares, left = distribute(amount, owed)
    assert total(shares.values()) + left == amount
    for agreement, share in shares.items():
        assert share.cents <= sum(o.amount.cents for o in owed if o.agreement == agreement)
    if left.cents > 0:
        assert total(shares.values()) == total(o.amount for o in owed)


@given(st.lists(OWED, min_size=2, max_size=8))
def test_a_later_priority_waits_for_an_earlier_one(owed):
    first = min(o.priority for o in owed)
    first_sum = total(o.amount for o in owed if o.priority == first)
    if first_sum.cents > 1:
        shares, _ = distribute(Money(first_sum.cents - 1), owed)
        later = {o.agreement for o in owed if o.priority != first} - {o.agreement for o in owed if o.priority == first}
        assert not later & set(shares)
