"""Rules of readings on their page: as shipped, adopted with own thresholds, done without."""

import re
from datetime import date

import pytest

from lamplighter.intervals.vee.groups import SHIPPED, Role
from lamplighter.usage.queries.rulegroups import groups_on
from tests.usage.conftest import kwh, metered, place, store  # noqa: F401

HERE = "/admin-desk/rules/readings/"


@pytest.fixture
def admin(signed_in):
    return signed_in("administrator")


def send(client, url, **data):
    key = re.search(r'name="request_key" value="([^"]+)"', client.get(url).content.decode())
    return client.post(url, {"request_key": key[1], "citation": "Rule 21", "start": "2026-01-01", **data})


def test_every_shipped_rule_is_listed_and_one_is_adopted_for_a_class(admin):
    page = admin.get(HERE).content.decode()
    assert page.count("Do without") == sum(len(group.steps) for group in SHIPPED.values())
    adopted = {"role": "initial-load", "rule": "vee.spike", "classes": ["industrial"], "severity": "stop"}
    wrong = send(admin, f"{HERE}do/adopt/", **adopted, thresholds="percents = 400")
    assert wrong.status_code == 422
    assert "has no threshold percents" in wrong.content.decode()
    assert send(admin, f"{HERE}do/adopt/", **adopted, thresholds="percent = 400").status_code == 303
    shown = " ".join(re.sub(r"<[^>]+>", " ", admin.get(HERE).content.decode()).split())
    assert "industrial percent 400, floor 0 Stop Rule 21" in shown


def test_a_rule_that_is_not_wanted_is_done_without_from_a_day_on(admin):
    first = SHIPPED[Role.ESTIMATION].steps[0]
    assert send(admin, f"{HERE}estimation/1/do/drop/").status_code == 303
    assert first not in groups_on(date(2026, 1, 1))[Role.ESTIMATION].steps
    assert first in groups_on(date(2025, 12, 31))[Role.ESTIMATION].steps
    assert admin.get(f"{HERE}estimation/99/do/drop/").status_code == 404


def test_a_threshold_for_one_meter_and_a_group_that_a_rule_runs(admin, metered):  # noqa: F811
    """A welder's meter has its own spike; a jump anywhere runs a group of our own."""
    spike = {"rule": "vee.spike", "severity": "flag", "thresholds": "percent = 900"}
    unknown = send(admin, f"{HERE}do/adopt/", role="initial-load", meter="E-9", **spike)
    assert unknown.status_code == 422
    assert "There is no such meter" in unknown.content.decode()
    metered.meter("E-7", kwh())
    assert send(admin, f"{HERE}do/adopt/", role="initial-load", meter="e-7", **spike).status_code == 303
    flat = {"rule": "vee.flat-run", "severity": "flag", "thresholds": "slots = 6"}
    assert send(admin, f"{HERE}do/adopt/", role="own", group="jumps", **flat).status_code == 303
    jump = {"rule": "vee.demand-change", "severity": "flag", "thresholds": "percent = 400"}
    assert send(admin, f"{HERE}do/adopt/", role="initial-load", then="jumps", **jump).status_code == 303
    shown = " ".join(re.sub(r"<[^>]+>", " ", admin.get(HERE).content.decode()).split())
    assert "meter E-7, kWh percent 900, floor 0 Flag it" in shown
    assert "Flag it, then run “jumps”" in shown
    assert "Our own group “jumps” 1 Flat line all slots 6" in shown
    assert send(admin, f"{HERE}then-jumps/1/do/drop/").status_code == 422, "a rule runs it"
