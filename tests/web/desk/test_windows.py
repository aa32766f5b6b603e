"""The billing analyst defines a year of windows from a reading calendar, and changes one."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lamplighter.billing.models import CycleWindow
from lamplighter.platform.models import Event

from .conftest import words

DEFINE = "/desk/billing/do/define/"


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


def filled(client, url, **fields):
    """The form as it opens, with some fields filled in otherwise; empty ones are left out."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields} | fields
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def test_the_year_shows_read_days_and_gaps(iris):
    said = words(iris.get("/desk/billing/years/2026/"))
    assert "04 Harbor" in said
    assert "Nov 4 Dec 3" in said
    assert "Dec 3" not in words(iris.get("/desk/billing/years/2027/"))
    window = CycleWindow.objects.get(month="2026-12-01")
    assert f'href="/desk/billing/{window.pk}/"' in iris.get("/desk/billing/years/2026/").content.decode()
    exported = b"".join(iris.get("/desk/billing/years/2026/?export=csv").streaming_content).decode()
    assert "2026-12-03" in exported


def test_a_year_is_defined_after_a_look_at_what_it_comes_to(iris):
    before = CycleWindow.objects.count()
    sent = filled(iris, DEFINE)
    assert sent["year"] == 2027
    look = words(iris.post(DEFINE, sent))
    assert "Windows 12 of 1 cycles" in look
    assert "cycle 04, Jan 2027: read Mon, Jan 4, 2027; open Wed, Jan 6, 2027 to Tue, Jan 12, 2027" in look
    assert CycleWindow.objects.count() == before
    done = iris.post(DEFINE, sent | {"confirmed": "1"}, follow=True)
    assert "12 windows are defined, up to Dec 2027." in words(done)
    assert CycleWindow.objects.count() == before + 12
    event = Event.objects.filter(name="billing.window.defined").first()
    assert str(event.actor) == "staff:iris"


def test_the_same_year_again_is_refused_with_what_to_do(iris):
    refused = iris.post(DEFINE, filled(iris, DEFINE, year=2026))
    assert refused.status_code == 422
    assert "Every cycle has its windows of 2026, or the year is over. Choose a later year." in words(refused)


def test_a_gap_is_refused(iris):
    refused = words(iris.post(DEFINE, filled(iris, DEFINE, year=2028)))
    assert "Cycle 04, Jan 2028 comes after cycle 04, Dec 2026" in refused
    assert "Define Jan 2027 first." in refused


def test_a_window_gets_an_estimate_date_and_becomes_a_trial(iris):
    window = CycleWindow.objects.get(month="2026-12-01")
    url = f"/desk/billing/{window.pk}/do/change/"
    refused = iris.post(url, filled(iris, url, estimate_on="2026-12-20"))
    assert "Choose a day from Dec 3, 2026 to Dec 6, 2026, or none." in words(refused)
    sent = filled(iris, url, estimate_on="2026-12-06", freeze=False)
    assert iris.post(url, sent)["Location"] == f"/desk/billing/{window.pk}/"
    said = words(iris.get(f"/desk/billing/{window.pk}/"))
    assert "Trial: nothing is owed" in said
    assert "Estimates from Sun, Dec 6" in said


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_who_does_not_run_bills_defines_no_window(at_desk, who):
    assert at_desk(who).get(DEFINE).status_code == 403
    assert at_desk(who).post(DEFINE).status_code == 403


def test_a_cycle_is_defined_on_its_page_and_told(at_desk, town):
    iris, url = at_desk("iris"), "/desk/billing/do/cycle/"
    assert url in iris.get("/desk/billing/years/2026/").content.decode()
    answer = iris.post(url, {"request_key": str(uuid4()), "code": "21", "name": "Marsh"}, follow=True)
    assert "Cycle 21 is Marsh. Define its windows next." in words(answer)
    assert "21" in words(iris.get("/desk/billing/years/2026/"))
    iris.post(url, {"request_key": str(uuid4()), "code": "21", "name": "Upper Marsh"})
    names = list(Event.objects.filter(subject="cycle:21").order_by("id").values_list("name", flat=True))
    assert names == ["accounts.cycle.defined", "accounts.cycle.renamed"]
    wrong = iris.post(url, {"request_key": str(uuid4()), "code": "2 1", "name": "x"})
    assert "Write up to ten letters, digits and hyphens." in words(wrong)
