"""Duties of easing a debt, played through the pages: a hardship on file, a longer plan, old debt that is forgiven."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.credit.models import Arrangement, Forgiveness
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval
from tests.duties.conftest import Opened
from tests.duties.test_csr_collecting import HOA, account_of, sends
from tests.web.desk.conftest import words

SCAN = b"\xff\xd8\xff\xe0 a photo of a letter"


@pytest.fixture
def renee(at_desk):
    return at_desk("renee")


def puts_on_file(dana, renee, here: str) -> str:
    """Dana asks with a paper, Renee reads it and accepts; the page of the request."""
    paper = SimpleUploadedFile("layoff.jpg", SCAN, content_type="image/jpeg")
    asked = sends(
        dana, f"{here}do/hardship/", cause="income", evidence="Layoff letter of Nov 2", until="2027-03-01",
        remark="Two of three jobs are gone.", papers=paper,
    )  # fmt: skip
    assert "A second person looks at it." in words(asked)
    request = f"/lead/approvals/{Approval.objects.get(kind='credit.hardship').pk}/"
    page = words(renee.get(request))
    for said in ("Income was lost or cut", "Layoff letter of Nov 2", "Mon, Mar 1, 2027", "up to 24 months"):
        assert said in page
    sends(renee, request, decision="yes")
    return request


def test_csr_07_a_hardship_is_put_on_file_with_its_paper_and_opens_a_longer_plan(dana, renee, number):
    account = account_of(number(HOA))
    here = f"/desk/accounts/{account.number}/"
    assert "Hardship None on file" in words(dana.get(f"{here}?panel=credit"))
    plan = {"down": "0.00", "months": "20", "consent": "recorded"}
    assert "A plan runs for 1 to 12 months" in words(Opened(dana, f"{here}do/arrange/").answers(**plan))
    puts_on_file(dana, renee, here)
    paper = f"/desk/hardships/{Approval.objects.get(kind='credit.hardship').pk}/paper/"
    assert b"".join(renee.get(paper).streaming_content) == SCAN
    said = words(dana.get(f"{here}?panel=credit"))
    assert "Income was lost or cut, until Mar 1, 2027, accepted by Renee Abernathy" in said
    assert "The plan may run for up to 24 months." in words(dana.get(f"{here}do/arrange/"))
    form = Opened(dana, f"{here}do/arrange/")
    assert "Sum of 20 payments" in words(form.answers(**plan))
    form.confirms()
    assert Arrangement.objects.get(account=account).instalments.count() == 20
    ended = sends(dana, f"{here}do/end-hardship/", on="2026-12-01", reason="Works again")
    assert "Tue, Dec 1 is the first day without it" in words(ended)
    assert "no late or reconnection fees" in words(dana.get(here)), "the timeline tells of it"


def test_csr_07_old_debt_is_set_aside_by_the_terms_that_the_supervisor_set_and_shown_with_its_shares(
    dana, renee, number
):
    account = account_of(number(HOA))
    here = f"/desk/accounts/{account.number}/"
    assert "Old debt" not in words(dana.get(f"{here}?panel=credit")), "nothing is offered without terms"
    terms = {"most": "600.00", "parts": "12", "missed": "2", "grace_days": "5", "code": "arrearage-forgiveness",
             "citation": "Resolution 2026-31", "start": "2026-11-20"}  # fmt: skip
    set_ = words(sends(renee, "/lead/programs/terms/do/forgiveness/", **terms))
    assert "Resolution 2026-31" in words(renee.get("/lead/programs/terms/")), set_[-300:]
    refused = words(dana.get(f"{here}do/set-aside/"))
    assert "It is for households in a program, or with a hardship on file." in refused
    puts_on_file(dana, renee, here)
    offered = words(dana.get(f"{here}do/set-aside/"))
    assert "After 2 late bills, what is left is owed again." in offered
    form = Opened(dana, f"{here}do/set-aside/")
    assert "Bills to pay in time 12" in words(form.answers(consent="recorded"))
    form.confirms()
    made = Forgiveness.objects.get(account=account)
    assert made.total > Money(0)
    said = words(dana.get(f"{here}?panel=credit"))
    assert f"Old debt set aside {made.total} of {made.total} left" in said
    assert "$0.00 forgiven for 0 of 12 bills" in said
    assert f"{made.total} set aside, forgiven with 12 bills paid in time" in words(dana.get(here))
    assert "is owed again at once" in words(dana.get(f"{here}do/end-set-aside/"))
    assert f"{made.total} is owed again." in words(sends(dana, f"{here}do/end-set-aside/"))
    made.refresh_from_db()
    assert made.outcome == "cancelled"
