"""Credit bureaus, played through the pages: terms by resolution, the month's file, and a debt that is told no more."""

from __future__ import annotations

import pytest

from lamplighter.credit.models import BureauFile
from lamplighter.credit.operations.writingoff import write_off
from lamplighter.credit.queries.closed import draft_write_off
from lamplighter.journeys.moving import stop_service
from lamplighter.platform.models import AccessRecord
from tests.credit.test_furnishing import read
from tests.web.desk.conftest import account_of, words
from tests.web.desk.town import DANA, NOW, TODAY

ROSA = "Rosa Maldonado"


@pytest.fixture
def account(office):
    """Rosa left and owes; it was written off."""
    found = account_of(office.number(ROSA))
    stop_service(agreement=found.agreements.get(kind="energy"), on=TODAY, by=DANA, at=NOW)
    now = {"on": TODAY, "by": DANA, "at": NOW}
    write_off(account=found, draft=draft_write_off(found, on=TODAY), reason="uncollectible", **now)
    return found


def test_csr_09_debts_are_furnished_by_resolution_each_month_and_a_mistake_is_taken_back(office, account):
    assert "Nothing is furnished: no terms are set" in office.reads("renee", "/desk/bureaus/")
    begin = office.opens("renee", "/desk/bureaus/do/begin/")
    terms = {"least": "10", "wait_days": "0", "citation": "Resolution 2026-50", "start": TODAY.isoformat()}
    assert "at least one bureau" in words(begin.answers(**terms, equifax="", experian="", transunion=""))
    begin.answers(**terms, equifax="", experian="12345", transunion="")
    assert f"{account.number} Written off, owed" in office.reads("dana", "/desk/bureaus/")
    assert office.at_desk("dana").get("/desk/bureaus/do/write/").status_code == 403
    office.opens("renee", "/desk/bureaus/do/write/").answers()
    made = BureauFile.objects.get()
    assert office.at_desk("dana").get(f"/desk/bureaus/files/{made.pk}/").status_code == 403
    sent = office.at_desk("renee").get(f"/desk/bureaus/files/{made.pk}/")
    _, (told,) = read(sent.content.decode("ascii"))
    assert (told["account"], told["status"], told["family"]) == (account.number, "97", "MALDONADO")
    assert AccessRecord.objects.filter(subject=f"bureau-file:{made.pk}").exists()
    again = office.opens("renee", "/desk/bureaus/do/write/").answers()
    assert "The file of November 2026 was made already" in words(again)
    office.opens("renee", "/desk/bureaus/do/stop/").answers(account=account.number, remark="Somebody used her name.")
    assert f"{account.number} Delete it" in office.reads("renee", "/desk/bureaus/")
    office.opens("renee", "/desk/bureaus/do/end/").answers()
    assert "Nothing is furnished" in office.reads("renee", "/desk/bureaus/")
