"""KAM-03, played through the pages: trouble with power, what caused it, and what would help at what price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from lamplighter.formats.network.messages import EventKind, Happened, Notice, Power
from lamplighter.keyaccounts.models import Issue
from tests.keyaccounts.conftest import BEGAN, TODAY, brew, known_as
from tests.keyaccounts.world import NOW, PEOPLE, Clock, aims_at, answers, behind, fill
from tests.network.air import connect
from tests.town import Town
from tests.web.conftest import make_person

SLUG, SOON = "kelp-kettle-brewing", (TODAY + timedelta(days=5)).isoformat()
AUGUST_5 = datetime(2026, 8, 5, 17, 15, tzinfo=UTC)  # 10:15 am
WHERE = "/key/accounts/kelp-kettle-brewing/power/"


@pytest.fixture
def world(db, monkeypatch, settings, tmp_path):
    """A brewery with a year of intervals, whose meter tells over the air what happens to it."""
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    for username, name, role in PEOPLE:
        make_person(username, name, role)
    town = Town(BEGAN)
    home = brew(town)
    town.on(TODAY.isoformat())
    known_as(home, "Kelp & Kettle Brewing", at=town.at)
    world = connect(town.homes, monkeypatch, now=town.at)
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    badge = world.meter("Kelp").badge
    sags = [("93", "2"), ("90.6", "3"), ("104", "0.4"), (None, None)]
    told = [
        Happened(badge, EventKind.LOW_VOLTAGE, AUGUST_5 + timedelta(days=7 * week), "", "kettle",
                 *(Decimal(one) if one else None for one in sag))
        for week, sag in enumerate(sags)
    ]  # fmt: skip
    out = datetime(2026, 8, 25, 20, 20, tzinfo=UTC)
    told += [Happened(badge, EventKind.LAST_GASP, out),
             Happened(badge, EventKind.RESTORED, out + timedelta(minutes=130))]  # fmt: skip
    assert world.tells(Notice("told", "", tuple(told))) == [200]
    for number, volts in enumerate(("121", "119.5", "112", "120.5")):
        seen = Power(badge, on=True, at=NOW - timedelta(hours=number + 1), volts=Decimal(volts))
        assert world.tells(Notice(f"volts-{number}", "", (seen,))) == [200]
    return world


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def rows(client, panel, **asked):
    page = client.get(WHERE, {"panel": panel, "export": "csv", **asked})
    assert page.status_code == 200
    return b"".join(page.streaming_content).decode("utf-8-sig").splitlines()


def test_kam_03_the_year_of_power_stands_in_sentences_tables_and_csv(world, be):
    joel = be("joel")
    page = answers(joel.get(WHERE))
    assert "1 sustained outage with 130 minutes and 0 momentary ones in the last 12 months" in page
    assert "the longest was 130 minutes on Aug 25, 2026" in page
    assert "75.0% of 4 readings are in range A (114 to 126 V of 120 V" in page
    assert "25.0% in range B, 0.0% beyond. Range B is to be rare and short: look for the cause." in page
    assert "2 of them deeper or longer than office electronics ride through; 1 came without depth or length" in page
    assert "The deepest left 75.5% of nominal on Aug 12, 2026." in page
    assert "ANSI C84.1-2020" in page
    assert rows(joel, "dips")[1:] == [
        "2026-08-26 10:15-07:00,Sag,,,,Not told", "2026-08-19 10:15-07:00,Sag,104.00,86.7,0.400,Yes",
        "2026-08-12 10:15-07:00,Sag,90.60,75.5,3.000,No", "2026-08-05 10:15-07:00,Sag,93.00,77.5,2.000,No",
    ]  # fmt: skip
    assert rows(joel, "depths")[1:] == ["70 to 80%,0,2,0,0,0", "80 to 90%,1,0,0,0,0", "Not told,0,0,0,0,1"]
    assert "fewer than five others to compare with" in answers(joel.get(WHERE, {"panel": "beside"}))
    assert "1 sustained outage" in answers(be("dana").get(reverse("desk:meter-quality", args=[
        world.meter("Kelp").badge])))  # fmt: skip
    assert be("dana").get(WHERE).status_code == 403


def test_kam_03_a_complaint_is_looked_into_and_stands_beside_the_record_with_what_was_done(world, be):
    joel = be("joel")
    assert "None was opened." in answers(joel.get(WHERE))
    fill(joel, url("do-issue", SLUG), about="quality", words="Lights dip at 10:15.", promised_on=SOON)
    number = Issue.objects.get().number
    fill(joel, url("do-investigate", number), who="joel", due_on=SOON)
    fill(joel, url("do-find", number), cause="equipment", words="Kettle and lights hang on one transformer.")
    fill(joel, url("do-correct", number), words="Set the kettle apart", owner="priya", due_on=SOON)
    page = answers(joel.get(WHERE))
    for words in ("Lights dip at 10:15.", f"Issue {number}: cause", "Kettle and lights hang on one transformer.",
                  "Set the kettle apart (Priya Raman, by Tue, Sep 15, 2026)"):  # fmt: skip
        assert words in page


@pytest.mark.windowless
def test_kam_03_remedies_are_priced_on_the_year_by_assumptions_that_can_be_changed(world, be):
    joel = be("joel")
    costs = {"trouble.short": "1000", "trouble.hour": "600", "trouble.interest": "0"}
    page = answers(joel.get(WHERE, {"panel": "alternatives", **costs}))
    assert "3 upsets of the last 12 months cost them about $4,300" in page, "two sags, and an outage of 130 minutes"
    said = {"battery.kw": "10", "battery.hours": "3", "battery.cost_a_kwh": "100", "battery.transfer": "0",
            "battery.life": "10", "apart.share": "50", "apart.cost": "3000", "apart.life": "30"}  # fmt: skip
    found = {row.split(",")[0]: row.split(",")[1:] for row in rows(joel, "alternatives", **costs, **said)[1:]}
    assert found["Battery for the whole site"] == ["3 of 3", "4300.0", "3000.0", "300.0", "4000.0"]
    assert found["A transformer of its own for what starts hard"] == ["2 of 3", "1000.0", "3000.0", "100.0", "900.0"]
    assert found["Transformer tap"][0] == "0 of 3", "they lack 3 and 6 %"
    higher = {row.split(",")[0]: row.split(",")[1] for row in rows(joel, "alternatives", **{"taps.steps": "2"})[1:]}
    assert higher["Transformer tap"] == "1 of 3"
    assert "its highest would be 127.1 V, over range A" in answers(
        joel.get(WHERE, {"panel": "alternatives", "taps.steps": "2"}))  # fmt: skip
    refused = answers(joel.get(WHERE, {"panel": "alternatives", "battery.hours": "99"}))
    assert "For is from 0.25 to 24 hours, not 99." in refused
    paper = answers(joel.get(WHERE, {"print": "1", **costs}))
    assert "What was assumed" in paper
    assert "1000 $" in paper


def test_kam_03_a_second_line_that_they_have_is_told_and_not_offered_again(world, be):
    joel = be("joel")
    assert "Second line with automatic transfer" in [row.split(",")[0] for row in rows(joel, "alternatives")]
    account = world.homes["Kelp"].account.number
    for kind, value in (("critical", "cold"), ("backup", "line"), ("area", "48,000 sq ft")):
        fill(joel, url("do-trait"), account=account, kind=kind, value=value, source="Visit", since=TODAY.isoformat())
    seen = answers(joel.get(url("account", SLUG), {"panel": "sites"}))
    assert "A second line (Visit)" in seen
    assert "48,000 sq ft (Visit)" in seen
    assert "Second line with automatic transfer" not in [row.split(",")[0] for row in rows(joel, "alternatives")]
    assert "Second line" not in answers(joel.get(WHERE, {"panel": "assumed"}))
    aims_at(joel, SLUG, "outages", baseline="3", target="1")
    for paper in ({"panel": "situation"}, {"view": "customer", "print": "1"}):
        assert "Cold store; has a second line" in answers(joel.get(url("plan", SLUG), paper))
    refused = joel.post(url("do-trait"), {"account": account, "kind": "area", "value": "wide", "source": "Visit",
                                          "since": TODAY.isoformat()})  # fmt: skip
    assert "no floor area: give whole square feet" in refused.content.decode()


@pytest.mark.windowless
def test_am_10_what_the_meter_told_of_outages_measures_a_goal(world, be):
    joel = be("joel")
    lost = aims_at(joel, SLUG, "outage-minutes", baseline="200", target="60")
    often = aims_at(joel, SLUG, "outages", baseline="2", target="0")
    page = answers(joel.get(url("plan", SLUG)))
    assert "Time without power, 12 months, 101 Otis Dr: <strong>130 min</strong>" in page
    assert "On course, 70 min to go" in page
    assert "Outages, 12 months, 101 Otis Dr: <strong>1</strong>" in page
    assert behind(joel, lost) == behind(joel, often) == [
        '2026-08-25,"101 Otis Dr, 1:20 pm",130.0 min', "2026-08-05,The first that its meters told in these days,",
    ]  # fmt: skip
