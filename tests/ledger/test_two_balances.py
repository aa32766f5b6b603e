"""The table of current and payoff balances: budget, payment arrangement, deposit (behaviour of the trade)."""

from datetime import UTC, date, datetime

import pytest

from lamplighter.kernel.actors import system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Code
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import Balance, balances, differences

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)


class Books:
    """Write the table's rows as entries; a memo moves the current balance alone."""

    def __init__(self):
        ledger.define_codes(
            [
                Code(key="receivable", number="1310", name="Receivable", kind="asset", control=True),
                Code(key="arrangement", number="1320", name="Arrangements", kind="asset", control=True),
                Code(key="deposit", number="2350", name="Deposits", kind="liability", control=True),
                Code(key="cash", number="1010", name="Cash", kind="asset"),
                Code(key="revenue", number="4400", name="Sales", kind="revenue"),
                Code(key="interest", number="4310", name="Interest on deposits", kind="expense"),
            ]
        )
        self.keys = {code: ledger.open_subledgers(code=code)[0].pk for code in ("receivable", "arrangement", "deposit")}
        self.count = 0

    def move(self, code, current, payoff, against=None):
        self.count += 1
        legs = [Leg(code, Money(payoff * 100), self.keys[code], Money(current * 100), owed_on=date(2026, 11, 1))]
        if payoff:
            legs.append(Leg(against, Money(-payoff * 100)))
        draft = Draft(f"row:{self.count}", "table", date(2026, 11, 1), tuple(legs))
        ledger.post(draft=draft, at=AT, by=system("table"))
        return self.at(code)

    def transfer(self, source, target, amount, target_current):
        self.count += 1
        legs = (
            Leg(source, Money(-amount * 100), self.keys[source]),
            Leg(target, Money(amount * 100), self.keys[target], Money(target_current * 100)),
        )
        ledger.post(draft=Draft(f"row:{self.count}", "t", date(2026, 11, 1), legs), at=AT, by=system("table"))
        return self.at(source), self.at(target)

    def at(self, code):
        balance = balances([self.keys[code]])[self.keys[code]]
        return balance.current.cents // 100, balance.payoff.cents // 100


@pytest.fixture
def table():
    made = Books()
    yield made
    assert differences() == []


def test_budget(table):
    assert table.move("receivable", 100, 140, "revenue") == (100, 140)
    assert table.move("receivable", -100, -100, "cash") == (0, 40)
    assert table.move("receivable", 40, 0) == (40, 40)


def test_payment_arrangement(table):
    table.move("receivable", 300, 300, "revenue")
    assert table.transfer("receivable", "arrangement", 300, 0) == ((0, 0), (0, 300))
    assert table.move("arrangement", 50, 0) == (50, 300)
    assert table.move("arrangement", -50, -50, "cash") == (0, 250)


def test_a_broken_arrangement_raises_current_to_payoff_and_debt_goes_home(table):
    table.move("receivable", 300, 300, "revenue")
    table.transfer("receivable", "arrangement", 300, 0)
    assert table.move("arrangement", 300, 0) == (300, 300)
    assert table.transfer("arrangement", "receivable", 300, 300) == ((0, 0), (300, 300))


def test_deposit(table):
    assert table.move("deposit", 150, 0) == (150, 0)
    assert table.move("deposit", -150, -150, "cash") == (0, -150)
    assert table.move("deposit", 0, -3, "interest") == (0, -153)
    table.move("receivable", 200, 200, "revenue")
    table.count += 1
    legs = (
        Leg("deposit", Money(15300), table.keys["deposit"], ZERO),
        Leg("receivable", Money(-15300), table.keys["receivable"]),
    )
    ledger.post(draft=Draft("apply", "t", date(2026, 11, 1), legs), at=AT, by=system("table"))
    assert table.at("deposit") == (0, 0)
    assert table.at("receivable") == (47, 47)


def test_balances_add():
    assert Balance(Money(1), Money(2)) + Balance(Money(3), Money(4)) == Balance(Money(4), Money(6))
