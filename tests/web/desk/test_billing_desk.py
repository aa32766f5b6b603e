"""The billing analyst: windows, the run, what was parked, approvals, and the rate book."""

from __future__ import annotations

import re

import pytest

from lamplighter.billing.models import CycleWindow
from lamplighter.platform.models import Approval, Run
from lamplighter.tariffs.models import Version

from .conftest import words


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def window(town):
    return CycleWindow.objects.get(month="2026-11-01")


def test_windows_say_how_far_they_are(iris):
    said = words(iris.get("/desk/billing/?stage=closed"))
    assert "Cycle 04, Nov 2026 Wed, Nov 4, 2026 Wed, Nov 4, 2026 Sat, Nov 7, 2026 9 1 For good" in said


def test_windows_that_are_open_come_first_and_the_others_when_asked_for(iris, window):
    def offered(stage):
        return [row.record.pk for row in iris.get(f"/desk/billing/{stage}").context["grid"].table.rows]

    assert window.pk in offered("?stage=closed")
    assert offered("") == offered("?stage=open") == offered("?stage=nonsense") == []
    assert "No window is open now." in words(iris.get("/desk/billing/"))
    CycleWindow.objects.filter(pk=window.pk).update(closes_on="2026-11-20")
    assert offered("") == [window.pk]
    CycleWindow.objects.filter(pk=window.pk).update(opens_on="2026-11-21", closes_on="2026-11-25")
    assert offered("") == []
    assert offered("?stage=coming")[0] == window.pk, "the next to open comes first"


def test_a_window_names_what_was_parked_before_what_was_billed(iris, window):
    said = words(iris.get(f"/desk/billing/{window.pk}/"))
    assert said.index("Carvalho, Ines 553 of 769 readings") < said.index("Nguyen, Thi Hoa")
    assert iris.get("/desk/billing/999999/").status_code == 404


def test_a_run_is_queued_once_and_followed(iris, window):
    url = f"/desk/billing/{window.pk}/do/run/"
    form = iris.get(url).context["form"]
    queued = iris.post(url, {"request_key": form["request_key"].value()})
    assert queued["Location"] == f"/desk/billing/{window.pk}/"
    again = iris.get(url).context["form"]["request_key"].value()
    refused = iris.post(url, {"request_key": again})
    assert "This is waiting to be done already" in words(refused)
    assert Run.objects.filter(kind="billing.window").count() == 1
    assert "Waiting for its turn." in words(iris.get(f"/desk/billing/{window.pk}/"))


def test_what_is_parked_and_what_is_billed_again_can_be_taken_along(iris):
    parked = b"".join(iris.get("/desk/billing/parked/?export=csv").streaming_content).decode()
    assert '"Carvalho, Ines"' in parked
    again = words(iris.get("/desk/billing/again/"))
    assert "Kowalczyk, Pat Corrected read" in again
    assert "−$17.89" in again


def test_the_rate_book_says_what_is_in_force_and_what_is_coming(at_desk):
    said = words(at_desk("iris").get("/admin-desk/rates/"))
    assert "R-1 Residential service Marisol Bay Power Residential Wed, Jul 1, 2026 Proposed" in said


def test_a_version_shows_what_changes(iris):
    proposed = Version.objects.get(state="proposed")
    said = words(iris.get(f"/admin-desk/rates/versions/{proposed.pk}/"))
    assert "What changes since Jul 1, 2026" in said
    assert "-price = 14.50 +price = 15.75" in said
    assert "Customer charge customer $15.75 a month" in said
    assert "Drafted by Iris Kim" in said
    assert "It waits for a second person Finance officer adopts it, under Approvals." in said
    again = f"/admin-desk/rates/do/draft/?from={proposed.pk}"
    assert again in iris.get(f"/admin-desk/rates/versions/{proposed.pk}/").content.decode()
    assert iris.get(again).context["form"]["text"].value() == proposed.source.text
    assert iris.get("/admin-desk/rates/do/draft/?from=9" + "9" * 30).status_code == 200, (
        "no such version: an empty draft"
    )
    assert iris.get("/admin-desk/rates/versions/999999/").status_code == 404
    assert iris.get("/admin-desk/rates/schedules/none/such/").status_code == 404


def test_a_draft_that_is_amiss_is_told_where(iris):
    refused = iris.post("/admin-desk/rates/do/draft/", {"customer_class": "residential", "text": "[tariff]\ncode = 7"})
    assert refused.status_code == 422
    assert "There is a problem" in words(refused)


@pytest.fixture
def credit(town):
    return Approval.objects.get(kind="billing.credit")


def test_an_approval_says_what_would_be_done_for_whom_and_why(at_desk, credit, number):
    said = words(at_desk("renee").get(f"/lead/approvals/{credit.pk}/"))
    assert "Asked by Tuan Pham, Mon, Nov 16, 12:00 pm Why Two weeks without an answer to her complaint." in said
    assert f"Give back $150.00 As Goodwill credit Account Nguyen, Thi Hoa, {number('Thi Hoa Nguyen')} Open" in said
    assert "Balance now $303.53 Balance after $153.53 Approved before none" in said


def test_what_waits_for_a_supervisor_is_told_on_every_page_with_the_way_to_it(at_desk, credit):
    first = at_desk("renee").get("/", follow=True)
    assert first.request["PATH_INFO"] == "/desk/"
    page = first.content.decode()
    assert re.search(r'<a href="/lead/approvals/">Approvals <span class="num">\d+</span></a>', page)
    assert re.search(r'<a class="rail-area" href="/lead/">Supervisor</a>', page)
    assert "Supervisor" not in words(at_desk("dana").get("/desk/accounts/"))


def test_approving_does_it_and_refusing_needs_a_reason(at_desk, credit, number):
    renee, url = at_desk("renee"), f"/lead/approvals/{credit.pk}/"
    refused = renee.post(url, {"decision": "no", "remark": ""})
    assert "Say why: the person who asked will read it." in words(refused)
    assert renee.post(url, {"decision": "yes"})["Location"] == "/lead/approvals/"
    assert "Balance $153.53" in words(at_desk("dana").get(f"/desk/accounts/{number('Thi Hoa Nguyen')}/"))
    again = renee.post(url, {"decision": "yes"})
    assert "This request was already approved." in words(again)
    told = words(renee.get(url))
    assert "Approved What was asked" in told
    assert "Decided by Renee Abernathy, Fri, Nov 20" in told
    assert 'name="decision"' not in renee.get(url).content.decode(), "nothing is left to decide"


def test_who_asked_cannot_approve_and_who_may_not_is_told_who_can(at_desk, credit):
    tariff = Approval.objects.get(kind="tariffs.adoption", state="waiting")
    assert at_desk("iris").get(f"/lead/approvals/{tariff.pk}/").status_code == 403
    assert at_desk("renee").get(f"/lead/approvals/{tariff.pk}/").status_code == 403
    said = words(at_desk("omar").get(f"/lead/approvals/{tariff.pk}/"))
    assert "Rate R-1 from Jul 1, 2027 Read what changes" in said
