"""The final bill is paid from the deposit; once a year a deposit earns and is looked at, once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.accounts.models import Account
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.operations.depositing import set_deposit_terms
from lamplighter.credit.rules.deposits import Terms
from lamplighter.journeys.billing import bill_now
from lamplighter.journeys.control import deposits_hold
from lamplighter.journeys.depositing import review_deposit
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.starter import load_starter_templates
from lamplighter.notices.operations.utility import set_sender
from lamplighter.payments.queries import owed_by
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import Draft, finish_where, raise_items
from tests.billing.test_rebill import FLAT
from tests.town import DANA, NIGHTLY

YEAR = Period(date(2026, 8, 1), date(2027, 12, 1))


@pytest.fixture
def ada(town):
    """Ada gave $150.00 on August 1 and uses 1 kWh an hour."""
    set_sender(utility="Test Town Power", phone="(510) 555-0100", website="t.example", office="1 Main St",
               email="help@t.example", by=DANA, at=town.at)  # fmt: skip
    load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
    home = town.on("2026-08-01").moves_in("Ada", town.adopts(FLAT))
    town.uses("Ada", YEAR, 1000)
    charge_deposit(account=home.account, amount=Money(15000), source="start", **now(town))
    yield home
    assert differences() == []
    assert deposits_hold().differences == ()


def now(town):
    return {"on": town.today, "by": DANA, "at": town.at}


def reviews(town, home, day):
    town.on(day)
    return review_deposit(account=Account.objects.get(pk=home.account.pk), **now(town))


def leaves(town, home, day):
    """Service stops, and its final bill is out the next day."""
    until = date.fromisoformat(day)
    town.on(day)
    stop_service(agreement=home.agreement, on=until, by=DANA, at=town.at)
    home.agreement.refresh_from_db()
    town.on(str(until + timedelta(days=1)))
    return bill_now(agreement=home.agreement, until=until, **now(town))


def known_for_short(town, **terms):
    """A policy that goes by our own records after three years only; the deposit is given, and two months are billed."""
    given = replace(Terms(), known_months=36, **terms)
    set_deposit_terms(customer_class="residential", terms=given, on=date(2026, 8, 2), by=DANA, at=town.at)
    town.pays("Ada", 15000)
    for month, day in (("2026-08-01", "2026-09-01"), ("2026-09-01", "2026-10-01")):
        town.on(day).bills(month, day)


def credit_of(account):
    found = account.agreements.filter(kind=AgreementKind.EXCESS_CREDIT).first()
    return -balances([found.subledger_id])[found.subledger_id].payoff if found else ZERO


def test_the_final_bill_is_paid_from_the_deposit_with_its_interest_and_the_rest_is_a_credit(town, ada):
    town.pays("Ada", 15000)
    assert reviews(town, ada, "2026-08-30") == "", "service goes on"
    bill = leaves(town, ada, "2026-08-31")
    assert bill.due == Money(10800), "720 hours at 15 cents"
    assert reviews(town, ada, "2026-09-02") == "applied"
    earned = Money(26)  # 32 of 365 days at 2 percent
    assert (owed_by(ada.account), deposit_of(ada.account).held) == ([], ZERO)
    assert credit_of(ada.account) == Money(15000) + earned - Money(10800)
    letter = str(Notice.objects.get(template__code="deposit-returned").words.sheets)
    assert str(Money(15000) + earned) in letter
    assert reviews(town, ada, "2026-09-03") == "", "once"
    assert Notice.objects.filter(template__code="deposit-returned").count() == 1


def test_a_deposit_that_does_not_reach_leaves_the_rest_owed(town, ada):
    town.pays("Ada", 15000)
    bill = leaves(town, ada, "2026-10-31")
    assert bill.due > Money(15100)
    assert reviews(town, ada, "2026-11-02") == "applied"
    (debt,) = owed_by(ada.account)
    assert debt.amount == bill.due - Money(15000) - Money(76), "93 of 365 days at 2 percent"
    assert credit_of(ada.account) == ZERO


@pytest.mark.parametrize(("paid", "owed"), [(0, Money(10800)), (10000, Money(10800 - 10000 - 18))])
def test_who_has_left_is_not_asked_for_the_rest_of_a_deposit(town, ada, paid, owed):
    """A deposit that was asked for and not paid, whole or in part, secures nothing any more."""
    if paid:
        town.pays("Ada", paid)
    leaves(town, ada, "2026-08-31")
    assert reviews(town, ada, "2026-09-02") == ("applied" if paid else "waived")
    assert deposit_of(ada.account).asked == ZERO
    assert [debt.amount for debt in owed_by(ada.account)] == [owed]
    assert reviews(town, ada, "2026-09-03") == ""


def test_once_a_year_a_deposit_earns_and_too_little_is_a_persons_to_look_at(town, ada):
    """The policy comes to two of a month's bills; the same day, and every day until the next year, nothing more."""
    known_for_short(town)
    assert reviews(town, ada, "2027-07-31") == ""
    assert reviews(town, ada, "2027-08-01") == "to_review"
    assert deposit_of(ada.account).held == Money(15300)
    assert Item.objects.get(kind="credit.deposit").summary.startswith("$153.00 is held; the policy comes to")
    finish_where(subjects=[ada.account.subject], kind="credit.deposit", by=DANA, at=town.at)
    assert [reviews(town, ada, day) for day in ("2027-08-01", "2027-08-02", "2028-07-30")] == ["", "", ""]
    assert Item.objects.filter(kind="credit.deposit").count() == 1
    assert reviews(town, ada, "2028-07-31") == "to_review"
    assert Adjustment.objects.filter(label__startswith="Interest on deposit").count() == 2


def test_who_was_looked_at_in_between_gets_the_interest_of_the_year_all_the_same(town, ada):
    """Whoever vouched stopped in spring, and somebody decided then; the year's interest does not wait for it."""
    known_for_short(town)
    town.on("2027-04-01")
    raise_items(drafts=[Draft("credit.deposit", ada.account.subject, "Nobody vouches")], by=DANA, at=town.at)
    assert reviews(town, ada, "2027-08-01") == "interest"
    assert deposit_of(ada.account).held == Money(15300)
    assert Item.objects.get(kind="credit.deposit").times == 1


def test_a_policy_that_pays_no_interest_reviews_once_a_year_all_the_same(town, ada):
    known_for_short(town, interest_percent=Decimal(0))
    assert reviews(town, ada, "2027-08-01") == "to_review"
    finish_where(subjects=[ada.account.subject], kind="credit.deposit", by=DANA, at=town.at)
    assert reviews(town, ada, "2027-08-02") == ""
    assert not Item.objects.waiting().exists()
    assert reviews(town, ada, "2028-08-02") == "to_review"
