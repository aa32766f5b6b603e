"""Pledges, played through the pages: an agency calls for a customer with a notice, and its check comes weeks later."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.credit.models import AgencyWorker, AssistanceCheckLine, Pledge, Process
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.formats.agencies.checks import write_check
from lamplighter.journeys.control import pledges_are_settled
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.money import Money
from tests.duties.playing import DONE
from tests.town import NIGHTLY
from tests.web.desk.conftest import account_of, words
from tests.web.desk.town import NOW, TODAY

HOA, JUN = "Thi Hoa Nguyen", "Jun Park"
HELP = "/desk/assistance/harbor-help/"


@pytest.fixture
def helps(office):
    """The supervisor puts the agency and the person who may speak for it into the program."""
    office.opens("renee", "/desk/assistance/do/add/").answers(key="harbor-help", name="Harbor Help", runs_days="45")
    office.opens("renee", f"{HELP}do/person/").answers(name="Ruth Amaya", phone="(510) 555-0171")
    return str(AgencyWorker.objects.get().pk)


def test_csr_09_an_agency_pledges_for_a_customer_with_a_notice_and_its_check_settles_it(office, helps):
    """From the call to the money: collection stops at once, the check pays line by line, and one line is nobody's."""
    account, page = account_of(office.number(HOA)), office.account(HOA)
    pass_a_day(on=TODAY, by=NIGHTLY, at=NOW)
    assert Process.objects.filter(account=account, ended_on__isnull=True).exists()
    owed = past_due_total(account, on=TODAY)
    form = office.opens("dana", f"{page}do/pledge/")
    assert f"{owed} is past due" in form.says
    assert form.answers(worker=helps, amount=str(owed.dollars), reference="HH-1182", until="").status_code in DONE
    assert not Process.objects.filter(account=account, ended_on__isnull=True).exists()
    panel = office.reads("dana", f"{page}?panel=credit")
    assert re.search(rf"Pledged by Harbor Help {re.escape(str(owed))} until \w+, Jan 4", panel), panel
    assert f"Harbor Help will pay {owed}: it counts at once" in office.reads("dana", page)
    assert f"HH-1182 {owed}" in office.reads("dana", HELP)
    text = write_check(
        [("HH-1182", account.number, owed), ("HH-9", "", Money(2500))], agency="harbor-help", number="20417", on=TODAY
    )
    check = office.opens("dana", f"{HELP}do/check/")
    broken = check.answers(file=SimpleUploadedFile("c.csv", text.replace("25.00", "26.00", 1).encode(), "text/csv"))
    assert "Ask for it again" in words(broken)
    check.answers(file=SimpleUploadedFile("c.csv", text.encode(), "text/csv"))
    assert Pledge.objects.get().outcome == "settled"
    assert past_due_total(account, on=TODAY) == Money(0)
    line = AssistanceCheckLine.objects.get(event__isnull=True)
    lines = office.reads("dana", f"/desk/assistance/checks/{line.of_id}/")
    assert "On an account" in lines
    assert re.search(r"HH-9 .{0,12}\$25.00 .{0,12}Waits", lines), lines
    assert "Money of assistance agencies that fits no pledge" in office.reads("dana", "/desk/work/")
    put = office.opens("dana", f"/desk/assistance/lines/{line.pk}/do/put/")
    assert put.answers(account=office.number(JUN)).status_code in DONE
    assert pledges_are_settled().differences == ()


def test_csr_09_a_check_on_paper_is_typed_in_and_read_as_its_file_would_be(office, helps):
    account, page = account_of(office.number(HOA)), office.account(HOA)
    office.opens("dana", f"{page}do/pledge/").answers(worker=helps, amount="50", reference="HH-7", until="")
    owed = past_due_total(account, on=TODAY)
    check = office.opens("dana", f"{HELP}do/typed/")
    lines = f"HH-7, {account.number}, 50.00"
    wrong = words(check.answers(number="check 20418", amount="60", lines=lines))
    assert "Its totals are 1 and 60.00; its lines are 1 and add up to $50.00" in wrong
    assert "is no amount above zero" in words(check.answers(number="check 20418", amount="50", lines="HH-7,,fifty"))
    check.answers(number="check 20418", amount="50", lines=lines)
    assert Pledge.objects.get().outcome == "settled"
    assert past_due_total(account, on=TODAY) == owed, "it was counted before, and is paid now"
    assert pledges_are_settled().differences == ()


def test_csr_09_a_pledge_that_the_agency_takes_back_counts_no_more(office, helps):
    account, page = account_of(office.number(HOA)), office.account(HOA)
    owed = past_due_total(account, on=TODAY)
    office.opens("dana", f"{page}do/pledge/").answers(worker=helps, amount="50", reference="HH-1", until="")
    assert past_due_total(account, on=TODAY) == owed - Money(5000)
    made = Pledge.objects.get()
    office.opens("dana", f"{page}pledges/{made.pk}/do/end/").answers(remark="Not eligible.")
    assert past_due_total(account, on=TODAY) == owed
    assert "$50.00 of Harbor Help: taken back" in office.reads("dana", page)
    office.opens("renee", f"{HELP}people/{helps}/do/end/").answers()
    assert "Ruth Amaya" not in words(office.at_desk("dana").get(f"{page}do/pledge/"))
    assert office.at_desk("dana").get("/desk/assistance/do/add/").status_code == 403
