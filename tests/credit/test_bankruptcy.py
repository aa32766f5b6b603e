"""Bankruptcy: the split at the filing, the days by chapter, what stops, and how cases end."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations import depositing
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.documents.claims import claim_pdf, figures
from lamplighter.credit.models import Arrangement, Bankruptcy, Hold, Process, WriteOff
from lamplighter.credit.operations.bankruptcies import Petition, file_claim, grant_relief
from lamplighter.credit.queries.bankruptcies import left_of
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.credit.rules.bankruptcy import (
    CHAPTERS,
    AssurancePolicy,
    CannotFile,
    Owing,
    Served,
    assurance,
    days_of,
    share_before,
    split,
)
from lamplighter.fieldwork.models import Order
from lamplighter.journeys.arranging import make_plan
from lamplighter.journeys.bankruptcy import end, enter_petition, review_case, set_off, take_plan_payment
from lamplighter.journeys.control import controls
from lamplighter.journeys.paying import take_back
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.notices.models import Notice
from lamplighter.payments.queries import owed_by
from lamplighter.worklist.models import Item
from tests.credit.conftest import make_ready
from tests.credit.test_cut_and_back import cuts, send

FILED = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("chapter", "assured", "bar"),
    [(7, "2026-12-20", "2027-05-29"), (11, "2026-12-28", "2027-05-29"), (13, "2026-12-20", "2027-05-29")],
)
def test_the_days_of_each_chapter_are_right_by_hand(chapter, assured, bar):
    found = days_of(CHAPTERS[chapter], filed_on=FILED, relief_on=date(2026, 11, 30))
    assert (str(found.assurance_due_on), str(found.bar_date)) == (assured, bar)


def test_a_debt_is_divided_by_days_of_service_and_a_charge_goes_whole():
    bill = Owing(1, date(2026, 12, 3), Money(9000), (Served(Money(9000), date(2026, 11, 3), date(2026, 12, 3)),))
    fee = Owing(1, date(2026, 11, 20), Money(2500))
    late = Owing(1, date(2026, 11, 28), Money(700))
    parts = split([bill, fee, late], filed_on=FILED)
    assert [(one.before.cents, one.after.cents) for one in parts] == [(7500, 1500), (2500, 0), (0, 700)]


@given(st.integers(1, 10**7), st.integers(1, 70), st.integers(-20, 90))
def test_no_cent_is_lost_in_the_division(cents, days, into):
    first = date(2026, 10, 1)
    filed = date.fromordinal(first.toordinal() + into)
    before = share_before(Money(cents), first=first, end=date.fromordinal(first.toordinal() + days), filed_on=filed)
    assert ZERO <= before <= Money(cents)
    assert (before == ZERO) or into > 0
    assert before == Money(cents) or into < days


def test_assurance_is_two_average_bills_in_whole_dollars():
    assert assurance([Money(8466)] * 14, AssurancePolicy()) == Money(17000)
    assert assurance([], AssurancePolicy()) == ZERO


@pytest.fixture
def ready(debtor):
    return make_ready(debtor)


def files(ready, chapter=13, filed_on=FILED) -> Bankruptcy:
    petition = Petition(chapter, "26-41877", "Northern District of California", filed_on, filed_on, "M. Devlin")
    return enter_petition(account=ready.account, petition=petition, **ready.now)


def asked(ready) -> Money:
    return total(one.amount for one in owed_by(ready.account))


def test_a_petition_stops_everything_at_once_and_its_debt_is_asked_for_by_nobody(ready):
    (order,) = send(ready).orders
    case = files(ready)
    order.refresh_from_db()
    assert (order.state, Process.objects.get().outcome) == ("discarded", "bankrupt")
    assert Hold.objects.get(kind="bankruptcy").period.start == FILED
    assert (left_of(case), asked(ready)) == (Money(18642), ZERO)
    for day in ("2026-12-20", "2027-02-20"):
        ready.on(day)
        pass_a_day(**ready.now)
    assert Process.objects.count() == 1, "no letter asks for it, ever"
    assert Notice.objects.filter(template__code="bankruptcy").count() == 1


def test_power_that_was_off_for_the_old_debt_comes_back_free(ready):
    cuts(ready)
    files(ready)
    back = Order.objects.get(kind="reconnect")
    assert (back.state, str(back.instructions)) == ("waiting", "Free of charge.")


def test_a_plan_ends_and_its_debt_is_from_before(ready):
    make_plan(
        account=ready.account, draft=draft_plan(ready.account, down=None, months=3, on=ready.today), consent="signed",
        **ready.now,
    )  # fmt: skip
    case = files(ready)
    assert Arrangement.objects.get().outcome == "cancelled"
    assert (left_of(case), asked(ready)) == (Money(18642), ZERO)
    assert not Notice.objects.filter(template__code="plan-ended").exists(), "it would ask for money"


def test_a_payment_of_the_customer_never_pays_what_is_from_before(ready):
    case = files(ready)
    ready.pays(5000)
    assert left_of(case) == Money(18642)
    assert ready.balance(AgreementKind.EXCESS_CREDIT).payoff == Money(-5000)


def test_the_trustee_pays_what_is_from_before_and_a_returned_check_asks_the_customer_for_nothing(ready):
    case = files(ready)
    event = take_plan_payment(case=case, amount=Money(6000), reference="T-1", **ready.now)
    assert (left_of(case), asked(ready)) == (Money(12642), ZERO)
    with pytest.raises(CannotFile, match="T-1 was taken"), transaction.atomic():
        take_plan_payment(case=case, amount=Money(100), reference="T-1", **ready.now)
    with pytest.raises(CannotFile, match="Only"), transaction.atomic():
        take_plan_payment(case=case, amount=Money(12643), reference="T-2", **ready.now)
    take_back(event=event, reason="returned", **ready.now)
    review_case(case=case, **ready.now)
    assert (left_of(case), asked(ready)) == (Money(18642), ZERO)


@pytest.mark.parametrize(("chapter", "allowed"), [(7, False), (11, True), (13, False)])
def test_an_old_deposit_is_set_off_only_where_the_chapter_or_the_court_lets_it(ready, chapter, allowed):
    depositing.charge_deposit(account=ready.account, amount=Money(10000), source="old", **ready.now)
    ready.pays(10000)
    assert deposit_of(ready.account).held == Money(10000)
    case = files(ready, chapter)
    if not allowed:
        with pytest.raises(CannotFile, match="held until the court lifts the stay"), transaction.atomic():
            set_off(case=case, **ready.now)
        grant_relief(case=case, remark="Order of Dec 7", **ready.now)
    case.refresh_from_db()
    assert set_off(case=case, **ready.now) == Money(10000)
    assert left_of(case) == Money(8642)


def test_a_dismissal_brings_the_debt_home_at_its_age_and_collection_goes_on(ready):
    case = files(ready)
    ready.on("2027-01-20")
    assert end(case=case, outcome="dismissed", **ready.now) == Money(18642)
    (debt,) = owed_by(ready.account)
    assert (debt.owed_on, debt.amount) == (date(2026, 9, 20), Money(18642))
    assert Hold.objects.get(kind="bankruptcy").period.end == ready.today
    ready.on("2027-01-21")
    pass_a_day(**ready.now)
    assert Process.objects.filter(ended_on__isnull=True).exists()


def test_a_discharge_writes_the_rest_off_for_good(ready):
    case = files(ready)
    take_plan_payment(case=case, amount=Money(8642), reference="T-1", **ready.now)
    ready.on("2027-01-20")
    assert end(case=case, outcome="discharged", **ready.now) == Money(10000)
    made = WriteOff.objects.get()
    assert (made.reason, made.amount, asked(ready)) == ("discharged", Money(10000), ZERO)
    ready.pays(100)
    assert ready.balance(AgreementKind.EXCESS_CREDIT).payoff == Money(-100), "nothing is taken for it"
    with pytest.raises(CannotFile, match="was discharged"):
        end(case=case, outcome="dismissed", **ready.now)
    assert [one.differences for one in controls() if one.differences] == []


def test_a_person_hears_of_days_that_pass_and_assurance_that_was_paid_is_noted(ready):
    case = files(ready)
    ready.on("2026-12-21")
    review_case(case=case, **ready.now)
    assert "No assurance by Dec 18 (11 USC 366(b)): decide" in Item.objects.get(kind="credit.case").summary


def test_a_claim_is_filed_once_by_the_bar_date_with_the_forms_figures_as_pdf(ready):
    case = files(ready)
    told = {row[0]: row[2] for row in figures(case, Money(18642), utility="U", office="O", phone="P", email="E")}
    assert told["6"] == ready.account.number.replace("-", "")[-4:]
    assert told["7"].startswith("$186.42")
    assert claim_pdf(case, debtor="Luis Ortega", on=ready.today).startswith(b"%PDF")
    with pytest.raises(CannotFile, match="The bar date was"), transaction.atomic():
        file_claim(case=case, filed_on=date(2027, 6, 1), by=ready.now["by"], at=ready.at)
    file_claim(case=case, filed_on=ready.today, by=ready.now["by"], at=ready.at)
    case.refresh_from_db()
    assert (case.claim, case.claimed_on) == (Money(18642), ready.today)


def test_one_case_at_a_time(ready):
    files(ready)
    with pytest.raises(CannotFile, match="open already"):
        files(ready)
