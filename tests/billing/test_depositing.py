"""A deposit is asked for, paid, earns interest, pays a debt and goes back: the table of docs/algorithms/deposits.md."""

import pytest

from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations import depositing
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import balances, differences
from lamplighter.payments.queries import owed_by
from tests.town import DANA, FLAT


@pytest.fixture
def ada(town):
    yield town.on("2026-09-01").moves_in("Ada", town.adopts(FLAT))
    assert differences() == []


@pytest.fixture
def by(town):
    return {"on": town.today, "by": DANA, "at": town.at}


def standing(account):
    found = deposit_of(account)
    agreement = found.agreement.subledger_id
    stands = balances([agreement])[agreement]
    return stands.current, stands.payoff


def owes(agreement, cents, by):
    legs = (Leg("receivable", Money(cents), agreement.subledger_id, owed_on=by["on"]),
            Leg("revenue-residential", Money(-cents)))  # fmt: skip
    ledger.post(draft=Draft("bill:1", "bill", by["on"], legs), at=by["at"], by=DANA)


def test_the_table_of_the_paper_holds_at_every_step(town, ada, by):
    account = ada.account
    depositing.charge_deposit(account=account, amount=Money(15000), source="start", **by)
    assert standing(account) == (Money(15000), ZERO)
    town.pays("Ada", 15000)
    assert standing(account) == (ZERO, Money(-15000))
    depositing.add_interest(account=account, amount=Money(300), source="2026", **by)
    assert standing(account) == (ZERO, Money(-15300))
    owes(ada.agreement, 20000, by)
    depositing.apply_deposit(account=account, to=ada.agreement, amount=Money(15300), source="final", **by)
    assert standing(account) == (ZERO, ZERO)
    assert balances([ada.agreement.subledger_id])[ada.agreement.subledger_id].payoff == Money(4700)


def test_a_payment_comes_to_the_deposit_first(town, ada, by):
    owes(ada.agreement, 5000, by)
    depositing.charge_deposit(account=ada.account, amount=Money(15000), source="start", **by)
    town.pays("Ada", 16000)
    assert deposit_of(ada.account).held == Money(15000)
    assert [debt.amount for debt in owed_by(ada.account)] == [Money(4000)]


def test_what_was_not_paid_can_be_taken_back_and_no_more(town, ada, by):
    depositing.charge_deposit(account=ada.account, amount=Money(15000), source="start", **by)
    town.pays("Ada", 5000)
    with pytest.raises(CannotBill, match=r"Only \$100.00 of the deposit is still asked for"):
        depositing.waive_deposit(account=ada.account, amount=Money(10001), source="w", **by)
    depositing.waive_deposit(account=ada.account, amount=Money(10000), source="w", **by)
    assert standing(ada.account) == (ZERO, Money(-5000))


def test_it_goes_back_as_a_credit_on_the_account(town, ada, by):
    depositing.charge_deposit(account=ada.account, amount=Money(15000), source="start", **by)
    town.pays("Ada", 15000)
    made = depositing.release_deposit(account=ada.account, amount=Money(15000), source="good payer", **by)
    assert (made.kind, made.amount, made.agreement.kind) == (Adjustment.Kind.DEPOSIT, Money(-15000), "excess-credit")
    assert standing(ada.account) == (ZERO, ZERO)


def test_no_more_is_applied_than_is_owed_or_held(town, ada, by):
    with pytest.raises(CannotBill, match="has no deposit"):
        depositing.add_interest(account=ada.account, amount=Money(1), source="x", **by)
    depositing.charge_deposit(account=ada.account, amount=Money(15000), source="start", **by)
    town.pays("Ada", 15000)
    with pytest.raises(CannotBill, match=r"owes \$0.00"):
        depositing.apply_deposit(account=ada.account, to=ada.agreement, amount=Money(1), source="x", **by)
    with pytest.raises(CannotBill, match=r"held is \$150.00"):
        depositing.release_deposit(account=ada.account, amount=Money(15001), source="x", **by)
    with pytest.raises(CannotBill, match="more than"):
        depositing.charge_deposit(account=ada.account, amount=ZERO, source="y", **by)
