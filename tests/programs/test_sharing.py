"""A household pays a share of its income, the fund what a bill is beyond; told by a year of bills in a small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.credit.queries.debts import dated
from lamplighter.journeys.control import controls
from lamplighter.journeys.enrolling import apply_for, leave
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences, trial_balance
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.programs.models import BorneShare, Enrollment, IncomePlan
from lamplighter.programs.operations.applying import ApplicationIn
from lamplighter.programs.operations.defining import CannotDefine, define_program, set_guideline, set_terms
from lamplighter.programs.queries.reporting import spent
from lamplighter.programs.rules.qualifying import Basis, Guideline, Said, Terms
from lamplighter.programs.rules.sharing import FACT, Billed, borne, monthly_of, yearly_of
from tests.billing.conftest import town  # noqa: F401
from tests.billing.test_rebill import FLAT
from tests.town import DANA, NIGHTLY

YEAR = Period(date(2026, 8, 1), date(2027, 12, 1))
TERMS = Terms(
    frozenset({Basis.DECLARED}), 200, months=12, fixed_months=12, citation="Resolution 2026-30",
    income_share=Decimal(6),
)  # fmt: skip


def test_six_percent_of_twenty_thousand_is_a_hundred_dollars_a_month():
    assert yearly_of(Money(2_000_000), Decimal(6)) == Money(120_000)
    assert monthly_of(Money(120_000)) == Money(10_000)


def test_a_bill_of_thirty_days_is_borne_beyond_thirty_days_of_the_year():
    """$1,200.00 a year is $98.63 for 30 days (1200 x 30 / 365); of a bill of $150.00 the fund bears $51.37."""
    plan = Period(date(2026, 9, 1), date(2027, 9, 1))
    september = Period(date(2026, 9, 1), date(2026, 10, 1))
    assert borne([Billed(september, Money(15000))], yearly=Money(120_000), plan=plan) == Money(5137)
    assert borne([Billed(september, Money(9000))], yearly=Money(120_000), plan=plan) == ZERO
    half = Period(date(2026, 8, 17), date(2026, 9, 16))  # 15 of its 30 days: $75.00 less $49.32
    assert borne([Billed(half, Money(15000))], yearly=Money(120_000), plan=plan) == Money(2568)
    before = Period(date(2026, 7, 1), date(2026, 8, 1))
    assert borne([Billed(before, Money(15000))], yearly=Money(120_000), plan=plan) == ZERO


@given(amount=st.integers(0, 10**6), yearly=st.integers(0, 10**6), days=st.integers(1, 90), start=st.integers(-90, 90))
def test_the_household_never_pays_more_than_its_part_nor_more_than_the_bill(amount, yearly, days, start):
    plan = Period(date(2026, 9, 1), date(2027, 9, 1))
    first = date.fromordinal(plan.start.toordinal() + start)
    period = Period(first, date.fromordinal(first.toordinal() + days))
    share = borne([Billed(period, Money(amount))], yearly=Money(yearly), plan=plan)
    assert ZERO <= share <= Money(amount)
    if start >= 0:
        assert Money(amount) - share <= max(Money.nearest(Decimal(yearly) * days / 36500), ZERO)


@pytest.fixture
def offered(town):  # noqa: F811
    set_sender(utility="Test Town Power", phone="(510) 555-0100", website="t.example", office="1 Main St",
               email="help@t.example", by=DANA, at=town.at)  # fmt: skip
    load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
    program = define_program(
        code="income-plan", name="Income Plan", words="You pay 6 % of what you earn.", fact=FACT,
        gl_code="income-plans", by=DANA, at=town.at,
    )  # fmt: skip
    set_guideline(
        guideline=Guideline(Money(1_565_000), Money(550_000), "2025"), on=date(2026, 1, 15), by=DANA, at=town.at
    )
    set_terms(program=program, terms=TERMS, on=date(2026, 7, 1), by=DANA, at=town.at)
    return program


@pytest.fixture
def ada(town, offered):  # noqa: F811
    """Ada uses 2 kWh an hour at 15 cents: $7.20 a day. She has $20,000.00 a year, so she pays $1,200.00."""
    home = town.on("2026-08-01").moves_in("Ada", town.adopts(FLAT))
    town.uses("Ada", YEAR, 2000)
    return home


def asks(town, home, offered, income=2_000_000):  # noqa: F811
    said = Said(Basis.DECLARED, 1, Money(income))
    asked = ApplicationIn(offered, home.agreement, said, "phone", "recorded")
    return apply_for(asked=asked, on=town.today, by=DANA, at=town.at)


def owes(home) -> Money:
    return balances([home.agreement.subledger_id])[home.agreement.subledger_id].current


def bears() -> Money:
    return next((one.payoff for one in trial_balance() if one.key == "income-plans"), ZERO)


def bills(town, day: str) -> Bill:  # noqa: F811
    town.on(day)
    town.bills(f"{day[:7]}-01", reads_on=day)
    return Bill.objects.latest("pk")


def test_from_the_day_of_asking_the_bill_is_the_share_and_its_fund_bears_the_rest(town, ada, offered):  # noqa: F811
    town.on("2026-08-20")
    assert asks(town, ada, offered).state == "approved"
    plan = IncomePlan.objects.get()
    assert (plan.yearly, plan.enrollment.period) == (Money(120_000), Period(date(2026, 8, 20), date(2027, 8, 20)))
    first = bills(town, "2026-09-02")
    days = (first.segments.get().period.closed_end - date(2026, 8, 20)).days
    own = Money.nearest(Decimal(1200) * days / 365)
    whole = first.segments.get().total
    assert bears() == Money(720) * days - own
    assert owes(ada) == whole - bears()
    (debt,) = dated([ada.account.pk], on=town.today)[ada.account.pk]
    assert (debt.owed_on, debt.amount) == (town.today, owes(ada)), "it is that of this bill, not an older one's"
    assert spent(offered, period=Period(date(2026, 9, 1), date(2026, 10, 1))) == bears()
    assert differences() == []
    assert [one.differences for one in controls() if one.differences] == []


def test_a_plan_that_ends_early_is_put_right_with_the_next_bill(town, ada, offered):  # noqa: F811
    town.on("2026-08-20")
    asks(town, ada, offered)
    bills(town, "2026-09-02")
    before = bears()
    town.on("2026-09-10")
    leave(enrollment=Enrollment.objects.get(), why=Enrollment.Ended.CUSTOMER, on=date(2026, 9, 11), by=DANA, at=town.at)
    bills(town, "2026-10-02")
    newest = BorneShare.objects.latest("pk")
    assert bears() == before + newest.amount
    assert ZERO < newest.amount < Money(720) * 12, "at most the days from the bill before to September 10"
    bills(town, "2026-11-03")
    assert BorneShare.objects.latest("pk") == newest, "and nothing more after it"
    assert differences() == []


def test_who_earns_enough_is_borne_nothing_and_who_said_no_income_is_refused(town, ada, offered):  # noqa: F811
    town.on("2026-08-20")
    assert asks(town, ada, offered, income=3_200_000).state == "denied", "over 200 % of the guideline for one person"
    assert not IncomePlan.objects.exists()
    assert asks(town, ada, offered, income=3_100_000).state == "approved"
    assert Account.objects.filter(enrollments__income_plan__yearly=Money(186_000)).exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"income_share": Decimal(8)}, "at most 7 % \\(RCW 54.16.285"),
        ({"income_share": None}, "Say which percentage of its income"),
        ({"bases": frozenset({Basis.AGENCY, Basis.DECLARED})}, "A share is taken of an income"),
    ],
)
def test_terms_that_no_share_can_be_taken_by_are_refused(town, offered, change, why):  # noqa: F811
    with pytest.raises(CannotDefine, match=why):
        set_terms(program=offered, terms=replace(TERMS, **change), on=date(2026, 9, 1), by=DANA, at=town.at)
