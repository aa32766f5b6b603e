"""What a register shows is entered and corrected at the meter's page, by those who decide readings."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lamplighter.accounts.models import AccountRole
from lamplighter.billing.models import RebillRequest
from lamplighter.customers.operations import give_login
from lamplighter.platform.models import Event, User
from lamplighter.usage.models import RegisterRead
from tests.town import Home

from .conftest import words
from .town import DANA, NOW, DeskTown


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def pat(town: DeskTown) -> Home:
    return town.homes["Pat Kowalczyk"]


@pytest.fixture
def meter(pat):
    return f"/desk/meters/{pat.channel.meter.badge}/"


@pytest.fixture
def last(pat):
    return RegisterRead.objects.filter(channel=pat.channel, superseded_by__isnull=True).latest("at")


def sent(pat, **answers):
    return {"request_key": str(uuid4()), "channel": str(pat.channel.pk), "on": "2026-11-19", "clock": "10:30",
            "count": "46000", "kind": "cycle"} | answers  # fmt: skip


def test_a_read_is_shown_with_the_use_since_the_last_and_then_kept(iris, meter, pat, last):
    form = sent(pat, count=str(last.count + 150))
    asked = words(iris.post(f"{meter}do/read/", form))
    assert f"Before {last.count:,} on Wed, Nov 4" in asked
    assert "Between 150 kWh" in asked
    assert not RegisterRead.objects.filter(count=last.count + 150).exists(), "not before it is confirmed"
    kept = words(iris.post(f"{meter}do/read/", form | {"confirmed": "1"}, follow=True))
    assert "What waits for it is billed with the next run." in kept
    assert f"Thu, Nov 19, 2026, 10:30 am kWh {last.count + 150:,}" in kept
    assert RegisterRead.objects.get(count=last.count + 150).recorded_by.key == "iris"
    event = Event.objects.get(name="usage.read.entered")
    assert (event.account, event.data["count"]) == (pat.account.pk, last.count + 150), "the timeline tells it"


def test_dials_that_went_over_zero_are_said(iris, meter, pat):
    assert "the dials went over zero" in words(iris.post(f"{meter}do/read/", sent(pat, count="12")))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"on": "2026-11-21"}, "This lies ahead."),
        ({"count": "1234567"}, "1234567 does not fit on 5 dials."),
        ({"count": "many"}, "Enter a whole number."),
    ],
)
def test_a_read_that_cannot_be_is_refused_in_words(iris, meter, pat, answers, said):
    refused = iris.post(f"{meter}do/read/", sent(pat, confirmed="1", **answers))
    assert refused.status_code == 422
    assert said in words(refused)


def test_a_corrected_read_asks_for_the_bill_that_stood_on_it(iris, meter, last):
    path = f"{meter}reads/{last.pk}/do/correct/"
    assert path in iris.get(meter).content.decode()
    form = {"request_key": str(uuid4()), "count": str(last.count - 40), "remark": "Two digits were swapped."}
    said = words(iris.post(path, form, follow=True))
    assert "Corrected. 1 account to bill again." in said
    assert RebillRequest.objects.filter(cause__startswith="read:").exists()
    assert path not in iris.get(meter).content.decode(), "the wrong one stays and is not corrected twice"
    again = iris.post(path, form | {"request_key": str(uuid4())})
    assert "This read was corrected already." in words(again)


def test_what_is_recorded_is_no_correction(iris, meter, last):
    form = {"request_key": str(uuid4()), "count": str(last.count), "remark": "?"}
    assert "is what is recorded" in words(iris.post(f"{meter}reads/{last.pk}/do/correct/", form))


def test_a_meter_of_intervals_has_no_dials_to_read(iris):
    assert "Enter a read" not in words(iris.get("/desk/meters/E-77120007/"))
    assert iris.get("/desk/meters/E-77120007/do/read/").status_code == 404


def test_the_counter_sees_reads_and_changes_none(dana, meter, last):
    said = dana.get(meter).content.decode()
    assert "do/correct/" not in said
    assert "do/read/" not in said
    assert dana.get(f"{meter}do/read/").status_code == 403
    assert dana.get(f"{meter}reads/{last.pk}/do/correct/").status_code == 403


def test_nobody_reads_the_meter_of_their_own_account(iris, meter, last, pat, give_pat_to):
    give_pat_to("iris")
    for path in ("do/read/", f"reads/{last.pk}/do/correct/"):
        answer = iris.get(f"{meter}{path}")
        assert answer.status_code == 403
        assert "This is your own account" in words(answer)


@pytest.fixture
def give_pat_to(pat):
    def give(username):
        person = AccountRole.objects.get(account=pat.account, role="main").person
        give_login(person=person, user=User.objects.get(username=username), by=DANA, at=NOW)

    return give
