"""Grants and gifts, played through the pages: a fund is opened, helps two households, and neighbors give to it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.credit.queries.debts import past_due_total
from lamplighter.journeys.control import controls
from lamplighter.journeys.granting import pass_a_fund_day
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.models import Approval
from lamplighter.programs.models import Gift, Grant
from tests.duties.playing import fills
from tests.town import NIGHTLY
from tests.web.desk.conftest import account_of
from tests.web.desk.town import NOW, TODAY

HOA, JUN, ROSA = "Thi Hoa Nguyen", "Jun Park", "Rosa Maldonado"
FUND = "/desk/assistance/funds/neighbor-fund/"


@pytest.fixture
def fund(office):
    """The supervisor opens it with the board's terms; finance agrees to the money that the board puts in."""
    office.opens("renee", "/desk/assistance/funds/do/open/").answers(
        key="neighbor-fund", name="Neighbor Fund", words="Neighbors help with a bill.", code="grant-fund"
    )
    office.opens("renee", f"{FUND}do/terms/").answers(
        cap="200", papers_days="10", citation="Resolution 2026-41", start=TODAY.isoformat()
    )
    office.opens("renee", f"{FUND}do/money/").answers(amount="1500", citation="Resolution 2026-41")
    waiting = Approval.objects.get(kind="programs.fund")
    assert "Put into the fund $1,500.00" in office.reads("omar", f"/lead/approvals/{waiting.pk}/")
    office.opens("omar", f"/lead/approvals/{waiting.pk}/").answers(decision="yes")
    assert "Held $1,500.00" in office.reads("renee", FUND)


def test_csr_09_a_grant_waits_for_a_certificate_counts_meanwhile_and_is_decided_by_a_second_person(office, fund):
    """Asked for over Dana's limit, without a program: the paper comes first, then Renee."""
    account = account_of(office.number(HOA))
    owed = past_due_total(account, on=TODAY)
    asked = office.opens("dana", f"{office.account(HOA)}funds/neighbor-fund/do/grant/")
    assert "An agency's certificate is needed." in asked.says
    asked.answers(amount="150", remark="Lost her hours at the cannery.")
    grant = Grant.objects.get()
    assert "waits for the agency's certificate" in office.reads("dana", f"{office.account(HOA)}programs/")
    assert past_due_total(account, on=TODAY) == max(owed - grant.amount, ZERO)
    paper = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 certified")
    here = f"/desk/assistance/grants/{grant.number}/"
    office.opens("dana", f"{here}do/certificate/").answers(papers=paper)
    waiting = Approval.objects.get(kind="programs.grant")
    office.opens("renee", f"/lead/approvals/{waiting.pk}/").answers(decision="yes")
    page = office.reads("dana", here)
    assert "Given" in page and "Approved" in page
    report = office.reads("renee", f"{FUND}?first={TODAY}&last={TODAY}")
    assert "Granted −$150.00 Held after $1,350.00" in report
    assert [one.differences for one in controls() if one.differences] == []


def test_csr_09_more_than_the_cap_is_refused_and_a_grant_is_taken_back(office, fund):
    ask = f"{office.account(HOA)}funds/neighbor-fund/do/grant/"
    refused = office.opens("dana", ask).answers(amount="200.01", remark="All of it.")
    assert "A household has at most $200.00 in twelve months" in refused.content.decode()
    office.opens("dana", ask).answers(amount="50", remark="Half of it.")
    number = Grant.objects.get().number
    office.opens("dana", f"/desk/assistance/grants/{number}/do/take-back/").answers(remark="Her son paid.")
    assert "Taken back" in office.reads("dana", f"/desk/assistance/grants/{number}/")
    assert "Free $1,500.00" in office.reads("dana", FUND)


def test_csr_09_a_second_person_is_told_where_less_is_owed_than_was_asked_for(office, fund, drawer):
    """The customer paid meanwhile: nothing is granted, and the page says what to do."""
    paper = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 certified")
    owed = past_due_total(account_of(office.number(HOA)), on=TODAY)
    asked = min(owed, Money(20000))
    office.opens("dana", f"{office.account(HOA)}funds/neighbor-fund/do/grant/").answers(
        amount=str(asked.dollars), remark="Lost her hours.", papers=paper
    )
    waiting = Approval.objects.get(kind="programs.grant")
    fills(office.at_desk("dana"), f"{office.account(HOA)}do/pay/", amount=str(owed.dollars), tender="cash")
    assert past_due_total(account_of(office.number(HOA)), on=TODAY) == ZERO
    decide = office.opens("renee", f"/lead/approvals/{waiting.pk}/").answers(decision="yes")
    assert "less than the grant. Refuse it." in decide.content.decode()
    assert Grant.objects.get().state == "waits"


def test_csr_02_a_customer_rounds_up_and_stops_any_day(office, fund):
    """Begun in the call, seen on the fund's page, stopped in another."""
    give = office.opens("dana", f"{office.account(ROSA)}funds/neighbor-fund/do/gift/")
    assert "A gift is never a debt" in give.says
    refused = give.answers(way="monthly", amount="")
    assert "Enter how much they give" in refused.content.decode()
    give.answers(way="round-up", amount="")
    assert office.number(ROSA) in office.reads("dana", FUND)
    assert "Rounds each bill up to the next dollar" in office.reads("dana", f"{office.account(ROSA)}programs/")
    office.opens("dana", f"{office.account(ROSA)}funds/do/stop/").answers()
    assert Gift.objects.get().period.end == date.fromordinal(TODAY.toordinal() + 1)
    assert office.number(ROSA) not in office.reads("dana", FUND)
    assert pass_a_fund_day(on=TODAY, by=NIGHTLY, at=NOW).gifts == 0
