"""Balance-forward ageing: credits pay the oldest debt first, and no cent is lost."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.rules import age, open_debts

DAY = st.dates(date(2025, 1, 1), date(2026, 12, 31))
CHARGES = st.lists(st.tuples(DAY, st.integers(-20000, 50000).map(Money)), max_size=12)


@given(CHARGES, st.integers(-30000, 200000).map(Money))
def test_open_debt_less_credit_is_the_balance(charges, credit):
    debts, left = open_debts(charges, credit)
    assert total(d.amount for d in debts) - left == total(a for _, a in charges) - credit
    assert all(d.amount.cents > 0 for d in debts)
    assert [d.owed_on for d in debts] == sorted(d.owed_on for d in debts)
    if debts and left.cents > 0:
        raise AssertionError("a credit is left over while something is owed")


@given(CHARGES, st.integers(0, 200000).map(Money), DAY)
def test_every_open_cent_is_in_one_bucket(charges, credit, on):
    debts, left = open_debts(charges, credit)
    aged = age(debts, left, on=on, due_days=21)
    assert aged.current + aged.past_due == total(d.amount for d in debts)


def test_a_debt_is_past_due_the_day_after_it_is_due():
    debts, _ = open_debts([(date(2026, 11, 1), Money(100))], ZERO)
    due = date(2026, 11, 1) + timedelta(days=21)
    assert age(debts, ZERO, on=due, due_days=21).past_due == ZERO
    assert age(debts, ZERO, on=due + timedelta(days=1), due_days=21).buckets[0] == Money(100)
    assert age(debts, ZERO, on=due + timedelta(days=31), due_days=21).buckets[1] == Money(100)
    assert age(debts, ZERO, on=due + timedelta(days=91), due_days=21).buckets[3] == Money(100)
