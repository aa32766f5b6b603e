"""AM-07, played through the pages: a development from the request for service to power."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lamplighter.customers.operations import add_organisation
from lamplighter.keyaccounts.models import DevelopmentNeed, LoadLetter, Step
from lamplighter.keyaccounts.operations import organisations as keeping
from tests.keyaccounts.conftest import BEGAN, BOOK, JOEL, TODAY
from tests.keyaccounts.test_planning import FILE
from tests.keyaccounts.world import PEOPLE, Clock, answers, fill
from tests.town import Town
from tests.web.conftest import make_person

SLUG, SOON = "foundry-row", (TODAY + timedelta(days=9)).isoformat()

REQUEST = {
    "name": "Foundry Row", "developer": "foundry-row-partners", "place": "2700 Foundry Way", "feeder": "Foundry 301",
    "customer_class": "commercial", "wanted_on": "2027-03-15", "ramp_months": "6", "user": "joel",
}  # fmt: skip


@pytest.fixture
def joel(db, monkeypatch, be):
    """With a developer, four rates, planning figures, and a request for 240 flats."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    for username, name, role in PEOPLE:
        make_person(username, name, role)
    town = Town(BEGAN)
    for code in ("r-1", "gs-1", "gs-2", "gs-3"):
        town.adopts_book(f"{BOOK}/{code}_2026-07-01.toml", "residential" if code == "r-1" else "commercial")
    person = add_organisation(name="Foundry Row Partners", by=JOEL, at=town.at)
    keeping.add_organisation(person=person, kind="developer", by=JOEL, at=town.at)
    client = be("joel")
    fill(client, url("do-adopt-planning"), file=SimpleUploadedFile("planning.toml", FILE.encode()))
    fill(client, url("do-development"), **REQUEST)
    return client


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def shown(joel, **asked):
    return answers(joel.get(url("development", SLUG), asked))


def letter(joel, **sizes):
    fill(joel, url("do-load-letter", SLUG), received_on=TODAY.isoformat(), stated_kva="900",
         **{f"size_{key}": value for key, value in ({"flats": "240", "offices": ""} | sizes).items()})  # fmt: skip


def need(joel, **said):
    fill(joel, url("do-need", SLUG), **({
        "kind": "easement", "words": "Easement along the rail", "amount": "", "waits_on": "developer",
        "since": "2026-08-20", "expected_on": "2026-09-01",
    } | said))  # fmt: skip
    return DevelopmentNeed.objects.latest("pk")


def stage(joel, to, **said):
    return fill(joel, url("do-stage", SLUG), **({"stage": to, "on": TODAY.isoformat(), "words": ""} | said))


def refused(joel, address, **said):
    joel.get(address)
    page = joel.post(address, said)
    assert page.status_code == 422
    return page.content.decode().replace("&#x27;", "'")


def test_am_07_a_load_letter_becomes_an_estimate_a_rate_a_feeders_room_and_sales(joel):
    letter(joel)
    page = shown(joel)
    assert "600.0 kVA, 570.0 kW" in page, "2,400 kVA x 0.25, and x 0.95"
    assert "900.0 kVA" in page, "beside what their engineer states"
    assert "8,600 kVA so far, 9,200 kVA with it, of 9,000 kVA (102%)" in page
    assert "Several: the largest in stock has 500 kVA" in page
    assert "Open to it: Large general service" in page
    assert "It is for less than 500 kW; it takes 570.0 kW." in page
    listed = answers(joel.get(url("pipeline")))
    assert "Over its rating" in listed
    csv = joel.get(url("pipeline"), {"panel": "sales", "export": "csv"})
    assert b"".join(csv.streaming_content).decode().splitlines()[1:8] == [
        f"{month},0,{kwh}" for month, kwh in (
            ("Sep ’26", 0), ("Oct ’26", 0), ("Nov ’26", 0), ("Dec ’26", 0), ("Jan ’27", 0), ("Feb ’27", 0),
            ("Mar ’27", 28272),
        )
    ], "5,472 kWh a day x 31 days, a sixth of it in the first month"  # fmt: skip


@pytest.mark.windowless
def test_am_07_the_newest_letter_counts_and_the_one_before_is_kept(joel):
    letter(joel)
    letter(joel, flats="200", offices="10000")
    page = shown(joel)
    assert "550.0 kVA" in page
    assert LoadLetter.objects.count() == 2
    assert 'value="200"' in answers(joel.get(url("do-load-letter", SLUG))), "the next one begins with it"


def test_am_07_what_power_waits_for_is_known_by_whom_since_when_and_met_with_its_number(joel):
    """KAM-K9: what waits for the developer, the fee and the lead time."""
    letter(joel)
    easement = need(joel)
    need(joel, kind="transformer", words="500 kVA pad-mount", waits_on="supplier", expected_on="2027-04-01")
    assert "Late for power" in shown(joel), "expected after the day on which power is wanted"
    listed = answers(joel.get(url("pipeline")))
    assert "The developer: Easement along the rail" in listed, "the oldest first"
    assert ">21<" in listed, "days since August 20"
    assert "Late<" in shown(joel)
    assert "Give the number" in refused(joel, url("do-meet", easement.pk), met_on=TODAY.isoformat(), reference="")
    fill(joel, url("do-change-need", easement.pk), waits_on="city", since=TODAY.isoformat(), expected_on="")
    assert "The city" in shown(joel)
    fill(joel, url("do-meet", easement.pk), met_on=TODAY.isoformat(), reference="Recording 2026-114")
    page = shown(joel)
    assert "Recording 2026-114" in page
    assert "A supplier: 500 kVA pad-mount" in answers(joel.get(url("pipeline")))


@pytest.mark.windowless
def test_am_07_stages_follow_each_other_nothing_is_agreed_unpaid_or_energised_while_it_waits(joel):
    assert "Next comes" not in shown(joel)
    assert "The load letter is not here yet." in refused(
        joel, url("do-stage", SLUG), stage="letter", on=TODAY.isoformat(), words="")  # fmt: skip
    letter(joel)
    stage(joel, "study")
    stage(joel, "offered")
    paid = need(joel, kind="contribution", words="Line extension", amount="184,000.00")
    assert "It waits on the developer: Line extension." in refused(
        joel, url("do-stage", SLUG), stage="agreed", on=TODAY.isoformat(), words="")  # fmt: skip
    fill(joel, url("do-meet", paid.pk), met_on=TODAY.isoformat(), reference="Invoice 80114")
    assert "Say why." in refused(joel, url("do-stage", SLUG), stage="study", on=TODAY.isoformat(), words="")
    stage(joel, "agreed")
    stage(joel, "building")
    transformer = need(joel, kind="transformer", words="500 kVA pad-mount", waits_on="supplier", expected_on="")
    assert "It waits on a supplier" in refused(
        joel, url("do-stage", SLUG), stage="energised", on=TODAY.isoformat(), words="")  # fmt: skip
    fill(joel, url("do-meet", transformer.pk), met_on=TODAY.isoformat(), reference="PO 4471")
    stage(joel, "energised")
    page = shown(joel)
    assert "Invoice 80114" in page
    assert "$184,000.00" in page
    assert "Load letter" not in page.partition("<main")[2].partition("What power waits for")[0], "it ended"
    assert "Energised (1)" in answers(joel.get(url("pipeline")))


@pytest.mark.windowless
def test_am_07_meetings_have_minutes_and_tasks_which_the_developers_history_knows(joel):
    fill(joel, url("do-meeting", SLUG), kind="meeting", words="Noelle wants two meter rooms.",
         step="Send the clearance drawing", step_due=SOON, user="priya")  # fmt: skip
    fill(joel, url("do-task", SLUG), words="Ask the city about the crossing", due_on=SOON, user="joel")
    page = shown(joel)
    for words in ("Noelle wants two meter rooms.", "Send the clearance drawing", "Ask the city about the crossing"):
        assert words in page
        assert words in answers(joel.get(url("account", "foundry-row-partners"))), "so does the developer's page"
    assert Step.objects.get(words__words="Send the clearance drawing").owner.username == "priya"
    joel.post(url("step-done", Step.objects.latest("pk").pk))
    assert "Ask the city about the crossing" not in shown(joel)
    assert "Noelle wants two meter rooms." in shown(joel, print="1")


@pytest.mark.windowless
def test_am_07_what_can_not_be_is_refused_in_words(joel):
    empty = {"received_on": TODAY.isoformat(), "stated_kva": "", "size_flats": "", "size_offices": ""}
    assert "names at least one use" in refused(joel, url("do-load-letter", SLUG), **empty)
    assert "a day to come" in refused(
        joel, url("do-wanted", SLUG), wanted_on=TODAY.isoformat(), why="They are ready.")  # fmt: skip
    assert "already" in refused(joel, url("do-development"), **REQUEST)
    assert "A fee or contribution has an amount." in refused(
        joel, url("do-need", SLUG), kind="fee", words="Plan check", amount="", waits_on="developer",
        since=TODAY.isoformat(), expected_on="")  # fmt: skip
    assert "a day that has been" in refused(
        joel, url("do-need", SLUG), kind="permit", words="Street", amount="", waits_on="city", since=SOON,
        expected_on="")  # fmt: skip
    bad = SimpleUploadedFile("planning.toml", FILE.replace("demand = 0.25", "demand = 25").encode())
    assert "demand is from 0.01 to 1, not 25." in refused(joel, url("do-adopt-planning"), file=bad)


@pytest.mark.windowless
def test_am_07_who_only_looks_changes_nothing(joel, be):
    letter(joel)
    renee = be("renee")
    assert "600.0 kVA" in answers(renee.get(url("development", SLUG)))
    for name in ("do-stage", "do-load-letter", "do-need", "do-meeting", "do-task", "do-wanted"):
        assert renee.get(url(name, SLUG)).status_code == 403
