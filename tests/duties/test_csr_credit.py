"""Duties of credit, played through the pages: who gives a deposit, why, how; and what restoring power asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import CreditReport, DepositDecision, DepositPart, Security
from lamplighter.credit.operations.depositing import DecisionIn
from lamplighter.credit.queries.deposits import standing_of
from lamplighter.credit.rules.deposits import Form
from lamplighter.journeys.control import deposits_hold
from lamplighter.journeys.depositing import ask_bureau, decide, pass_a_deposit_day, release
from lamplighter.kernel.money import Money
from lamplighter.notices.models import Notice
from lamplighter.payments.operations import post_event
from lamplighter.payments.rules import TenderIn
from lamplighter.town.bureau import open_bureau
from lamplighter.worklist.models import Item
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, TODAY

TESS, GWEN, JUN, DELE = "Tess Byrne", "Gwen Pruitt", "Jun Park", "Dele Adeyemi"
TERMS = {
    "customer_class": "residential", "start": "2026-11-20", "months": 2, "least": "50", "most": "1000",
    "points_from": 20, "known_months": 12, "score_from": 800, "parts": 3, "good_bills": 12, "grace_days": 5,
    "interest_percent": "2", "tolerance_percent": 10, "citation": "Resolution 2026-44",
}  # fmt: skip


@pytest.fixture
def policy(office):
    """The supervisor puts the board's resolution into the program."""
    office.opens("renee", "/lead/deposits/do/set/").answers(**TERMS)
    assert "From 20 credit points, or after a shut-off" in office.reads("renee", "/lead/deposits/")


@pytest.fixture
def bureau(settings):
    with open_bureau() as address:
        settings.BUREAU_URL = address
        yield address


def test_csr_04c_a_stranger_is_asked_about_and_pays_a_deposit_in_parts_and_hears_why(office, policy, bureau):
    """From the start of service to the letter that the law asks for, and the parts that come due by themselves."""
    credit = f"{office.account(TESS)}credit/"
    account = office.town.homes[TESS].account
    start = office.opens("dana", f"{office.account(TESS)}do/start/")
    assert "The policy asks for a deposit of" in start.says
    assert "We know them too little. A credit report, if they agree to one, could make it unnecessary." in start.says
    office.opens("dana", f"{credit}do/bureau/").answers(consent="recorded")
    report = CreditReport.objects.get()
    shown = office.reads("dana", f"{credit}?panel=policy")
    assert f"Sandbar Credit Bureau gave the score {report.score} on Nov 20; 800 or more asks for none." in shown
    form = office.opens("dana", f"{credit}do/decide/")
    policy_says = Money(form.form["recommended"].value())
    form.answers(occasion="start", form="cash", parts=3, amount="", guarantor="", reference="", remark="")
    form.confirms()
    decision = DepositDecision.objects.get()
    assert (decision.recommended, decision.amount, decision.report) == (policy_says, policy_says, report)
    letter = str(Notice.objects.get(template__code="adverse-action").words.sheets)
    assert str(report.score) in letter
    assert "free copy of your report" in letter
    parts = list(DepositPart.objects.order_by("place"))
    assert deposit_of(account).asked == parts[0].amount
    assert f"{parts[1].amount} due" in office.reads("dana", credit)
    later = pass_a_deposit_day(on=parts[1].due_on, by=DANA, at=NOW + timedelta(days=31))
    assert (later.asked, deposit_of(account).asked) == (1, parts[0].amount + parts[1].amount)
    assert deposits_hold().differences == ()


def test_csr_04c_own_records_decide_of_whom_we_know_and_somebody_may_vouch(office, policy, bureau):
    """Points from a payment that came back; less than the policy asks for is the supervisor's to decide."""
    assert "under 20. (Resolution 2026-44)" in office.reads("dana", f"{office.account(DELE)}credit/?panel=policy")
    credit = f"{office.account(GWEN)}credit/"
    shown = office.reads("dana", f"{credit}?panel=points") + office.reads("dana", f"{credit}?panel=policy")
    assert f"Returned payment, account {office.number(GWEN)}" in shown
    assert "20 credit points; from 20 on a deposit is asked for." in shown
    assert not CreditReport.objects.exists(), "our own records come first"
    less = office.opens("dana", f"{credit}do/decide/")
    said = {"occasion": "review", "form": "waived", "amount": "", "parts": 1, "guarantor": "", "reference": ""}
    assert "Say why less is asked for" in words(less.answers(**said, remark=""))
    less.answers(**said, remark="The bank erred.")
    assert less.confirms().status_code == 403
    form = office.opens("dana", f"{credit}do/decide/")
    form.answers(**said | {"form": "guarantor", "guarantor": office.number(JUN)}, remark="")
    form.confirms()
    assert f"Another customer vouches {DepositDecision.objects.get().amount}, {office.number(JUN)}" in office.reads(
        "dana", credit
    )
    assert "$0.00" in words(office.at_desk("dana").get(f"{credit}?panel=policy")), "vouched for: nothing more is asked"
    ends = f"{credit}securities/{Security.objects.get().pk}/do/end/"
    assert office.at_desk("dana").get(ends).status_code == 403, "whoever decides on less releases"
    release = office.opens("renee", ends)
    assert "Choose today or a later one" in words(release.answers(on="2026-11-19", remark="They part."))
    release.answers(on="2026-12-01", remark="They part.")
    assert ", until Dec 1" in office.reads("renee", credit)
    item = Item.objects.waiting().get(kind="credit.deposit")
    assert item.summary.startswith("Nobody vouches from Dec 1; the policy asks for $")
    assert office.at_desk("renee").get(ends).status_code == 404, "it is released once"


def test_csr_04c_the_bureau_is_asked_with_nothing_held_and_its_letter_is_sent_once(office, policy, bureau, monkeypatch):
    """A bureau that does not answer for ten seconds keeps nobody else waiting; and who was told is not told again."""
    credit, outside = f"{office.account(TESS)}credit/", list(connection.savepoint_ids)
    asked = []

    def watched(**told):
        asked.append((list(connection.savepoint_ids), told["reference"]))
        return ask_bureau(**told)

    monkeypatch.setattr("lamplighter.web.desk.credit.securing.ask_bureau", watched)
    form = office.opens("dana", f"{credit}do/bureau/")
    form.answers(consent="recorded")
    form.window.sends(form.url, form.sent)
    assert [open_ for open_, _ in asked] == [outside, outside], "in no unit of work"
    assert len({reference for _, reference in asked}) == 1, "pressed twice, it is the same question"
    assert CreditReport.objects.count() == 1
    account = office.town.homes[TESS].account
    policy_says = standing_of(account, on=TODAY).recommendation.amount
    jun, now = office.town.homes[JUN].account, {"on": TODAY, "by": DANA, "at": NOW}
    vouched = DecisionIn("start", policy_says, policy_says, Form.GUARANTOR, guarantor=jun)
    first = decide(account=account, said=vouched, **now)
    tomorrow = TODAY + timedelta(days=1)
    release(security=first.security, first=tomorrow, remark="", **now)
    cash = DecisionIn("start", policy_says, policy_says, Form.CASH)
    decide(account=account, said=cash, on=tomorrow, by=DANA, at=NOW + timedelta(days=1))
    assert Notice.objects.filter(template__code="adverse-action").count() == 1


def test_csr_04c_a_deposit_goes_back_with_interest_after_a_year_of_bills_paid_in_time(office, policy, drawer):
    """Jun pays every bill; the deposit that he gave in 2025 becomes a credit, and a letter says so."""
    account = office.town.homes[JUN].account
    given = date(2025, 9, 20)
    charge_deposit(account=account, amount=Money(15000), source="old", on=given, by=DANA, at=NOW)
    post_event(
        control=drawer, tenders=[TenderIn("cash", Money(15000), Money(15000))], payments={account: Money(15000)},
        on=given, by=DANA, at=NOW,
    )  # fmt: skip
    assert "$150.00" in office.reads("dana", f"{office.account(JUN)}credit/")
    done = pass_a_deposit_day(on=TODAY, by=DANA, at=NOW)
    assert done.returned == 1
    assert deposit_of(account).held == Money(0)
    letter = str(Notice.objects.get(template__code="deposit-returned").words.sheets)
    assert "$153.50" in letter, "426 days at 2 percent are $3.50"
    assert pass_a_deposit_day(on=TODAY, by=DANA, at=NOW).returned == 0
    assert deposits_hold().differences == ()
