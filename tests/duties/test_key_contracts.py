"""KAM-06, played through the pages: a special contract from the first offer to its bills, its alarms and its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Segment
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.actors import system
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Contract, Negotiation, TermsDraft
from lamplighter.keyaccounts.operations.contracts import tell_of_ends
from lamplighter.keyaccounts.operations.obligations import hold_bills
from lamplighter.platform.models import Approval
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.advice.test_costs import FILE as COSTS
from tests.duties.playing import DONE, fills
from tests.keyaccounts.conftest import TODAY, brewery
from tests.keyaccounts.world import NOW, Clock, answers, fill, world
from tests.town import ZONE
from tests.web.conftest import make_person

KELP, NIGHT = "kelp-kettle-brewing", system("keyaccounts")
OFFER = {
    "alternative": "Three years", "side": "ours", "start": "2026-09-15", "months": "36", "notice_days": "120",
    "energy_percent": "4", "demand_percent": "", "facilities": "500", "minimum": "", "least_kwh": "300000",
    "renewable_percent": "", "renewable_dollars": "",
    "clauses": "They bring their own transformer.", "words": "Ines hinted at leaving.",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("kam06"), django_db_blocker) as made:
        make_person("omar", "Omar Fitch", "finance")
        yield made


@pytest.fixture
def city(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built


@pytest.fixture
def joel(city):
    """He has adopted marginal costs, named who decides at the brewery, and begun a negotiation."""
    client = city.be("joel")
    fill(client, url("do-adopt-costs"), file=SimpleUploadedFile("costs.toml", COSTS.encode()))
    fill(client, url("do-tie", KELP), given="Ines", family="Calloway", part="decides", title="Owner", mobile="",
         number="", email="")  # fmt: skip
    fill(client, url("do-negotiate", KELP), code="SC-05", name="Brewing", service=str(Agreement.objects.get().pk))
    return client


def url(name, *args):
    return reverse(f"key:{name}", args=args)


def talk(joel, panel=""):
    found = Negotiation.objects.latest("pk")
    return answers(joel.get(url("negotiation", found.pk), {"panel": panel} if panel else {}))


def put(joel, **other):
    newest = TermsDraft.objects.order_by("-pk").first()
    seen = newest.version if newest and newest.negotiation.closed_at is None else 0
    return fill(joel, url("do-version", Negotiation.objects.latest("pk").pk), **{**OFFER, "seen": str(seen), **other})


def agreed(city, joel):
    """Asked, approved by Omar, and signed by Ines."""
    pk = Negotiation.objects.latest("pk").pk
    fill(joel, url("do-ask-terms", pk), board="Resolution 2026-31", board_on="2026-09-08", remark="As Ines wants it.")
    asked = Approval.objects.get(state="waiting")
    omar = city.be("omar")
    page = answers(omar.get(reverse("lead:approval", args=[asked.pk])))
    assert omar.post(reverse("lead:approval", args=[asked.pk]), {"decision": "yes", "remark": ""}).status_code in DONE
    form = joel.get(url("do-sign", pk)).context["form"]
    fill(joel, url("do-sign", pk), signer=form.fields["signer"].choices[0][0], signed_on="2026-09-09")
    return page


def test_kam_06_alternatives_stand_side_by_side_and_a_redline_tells_what_changed(joel):
    put(joel)
    put(joel, alternative="Theirs", side="theirs", energy_percent="9", facilities="")
    put(joel, energy_percent="5", facilities="500")
    page = talk(joel)
    assert "<del>4 % less</del> <ins>5 % less</ins>" in page, "beside the version before it of the same alternative"
    pk = Negotiation.objects.get().pk
    between = answers(joel.get(url("negotiation", pk), {"from": "2", "to": "3"}))
    assert "<del>9 % less</del> <ins>5 % less</ins>" in between
    assert "New:</span> <ins>$500.00 a month</ins>" in between
    beside = talk(joel, "beside")
    for label in ("As it is", "On GS-3", "Three years", "Theirs", "Margin a year", "Own arithmetic"):
        assert label in beside
    csv = joel.get(url("negotiation", pk), {"panel": "beside", "export": "csv"})
    rows = b"".join(csv.streaming_content).decode().splitlines()
    assert [row.strip('"').partition(" (")[0] for row in rows[1:]] == ["As it is", "On GS-3", "Three years", "Theirs"]
    sheet = answers(joel.get(url("negotiation", pk), {"print": "3"}))
    assert "Twelve bills under it" in sheet
    assert "They bring their own transformer." in sheet
    for ours in ("argin", "hinted"):
        assert ours not in sheet, "the customer's paper has no margin, and not what we think"


def test_kam_06_the_board_a_second_person_and_a_signature_put_it_on_the_bills(city, joel):
    put(joel)
    asked = agreed(city, joel)
    assert "4 % less" in asked
    assert "They bring their own transformer." in asked
    assert "Resolution 2026-31" in asked
    assert "Margin a year" in asked, "who approves sees what it costs"
    page = answers(joel.get(url("contract", "SC-05")))
    assert "Ines Calloway" in page
    assert "Resolution 2026-31, Sep 8, 2026" in page
    assert "Energy of a bill (kWh)" in page
    days = Period(TODAY, date(2026, 10, 2))
    city.town.uses("Kelp", days, brewery(slot_calendar(days, seconds=900, zone=ZONE)))
    city.town.on("2026-10-02").bills("2026-10-01", "2026-10-02")
    newest = Segment.objects.order_by("-period").first()
    assert "Contract: 4 % off energy" in [line["label"] for line in lines_told(newest.statement)]
    with unit_of_work(NIGHT):
        held = hold_bills(by=NIGHT, at=NOW)
    assert (held.tested, held.short) == (1, 1)
    assert Item.objects.filter(kind="keyaccounts.shortfall", subject="contract:SC-05").exists()
    assert "Short<" in answers(joel.get(url("contract", "SC-05")))


@pytest.mark.windowless
def test_kam_06_alarms_are_told_a_year_ahead_and_stand_on_the_page_of_the_day(city, joel, monkeypatch):
    """KAM-K12: the alarm at twelve months."""
    put(joel, months="11")
    agreed(city, joel)
    with unit_of_work(NIGHT):
        assert tell_of_ends(on=TODAY, by=NIGHT, at=NOW) == 1
    assert Item.objects.get(kind="keyaccounts.contract-ending").summary.startswith("SC-05 ends on Aug 14, 2027")
    assert "12 months" in answers(joel.get(url("today")))
    listed = answers(joel.get(url("contracts")))
    assert "SC-05" in listed
    assert "Sat, Apr 17, 2027" in listed, "the day of notice, 120 days before the end"


@pytest.mark.windowless
def test_kam_06_a_contract_is_amended_under_its_code_and_ended_with_the_reason(city, joel):
    put(joel)
    agreed(city, joel)
    fill(joel, url("do-amend", "SC-05"))
    put(joel, start="2026-09-22", energy_percent="9")
    agreed(city, joel)
    page = answers(joel.get(url("contract", "SC-05")))
    assert "9 % less" in page
    assert page.count("Ines Calloway") == 2, "both signatures are kept"
    fill(joel, url("do-end-contract", "SC-05"), last_day="2026-12-31", why="They sell the brewery.")
    assert Contract.objects.get().period.last_day == date(2026, 12, 31)


@pytest.mark.windowless
def test_kam_06_what_can_not_be_is_refused_in_words(city, joel):
    pk = Negotiation.objects.get().pk
    refused = fills(joel, url("do-version", pk), **{**OFFER, "seen": "0", "notice_days": "4000"})
    assert refused.status_code == 422
    assert "Notice is given within the term." in refused.content.decode()
    put(joel, start="2026-09-01")
    said = {"board": "R-1", "board_on": (TODAY + timedelta(days=3)).isoformat(), "remark": ""}
    refused = fills(joel, url("do-ask-terms", pk), **said)
    assert "billed until Sep 2, 2026" in refused.content.decode()
    put(joel)
    refused = fills(joel, url("do-ask-terms", pk), **said)
    assert "a day to come" in refused.content.decode().replace("&#x27;", "'")
    assert joel.get(url("do-sign", pk)).status_code == 200
    wrong = SimpleUploadedFile("costs.toml", COSTS.replace("losses = 0.2", "losses = 2").encode())
    bad = fills(joel, url("do-adopt-costs"), file=wrong)
    assert "losses is from 0 to 0.5, not 2." in bad.content.decode()


@pytest.mark.windowless
def test_kam_06_who_only_looks_changes_nothing(city, joel):
    put(joel)
    renee, pk = city.be("renee"), Negotiation.objects.get().pk
    assert "Ask for approval" not in answers(renee.get(url("negotiation", pk)))
    for name in ("do-version", "do-ask-terms", "do-sign", "do-give-up"):
        assert renee.get(url(name, pk)).status_code == 403
    fill(joel, url("do-give-up", pk), why="They buy from the market.")
    assert "Given up" in talk(joel)
