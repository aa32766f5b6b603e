"""What work saved by the meter: kept with its days, told with how sure it is, refused where nothing can be told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from click.testing import CliRunner

from lamplighter.accounts.models import Agreement
from lamplighter.cli.savings import savings
from lamplighter.formats.dayweather import WeatherIn
from lamplighter.intervals.curves.verifying import Verified
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation, Project
from lamplighter.keyaccounts.operations import projects as keeping
from lamplighter.keyaccounts.queries.measuring import measured
from lamplighter.keyaccounts.queries.projects import outcome
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.weather import record_day_weather
from lamplighter.usage.queries.verifying import ByMeter
from lamplighter.web.key.savings import sentence
from tests.keyaccounts.conftest import JOEL, TODAY, known_as
from tests.keyaccounts.world import NOW, Clock, World, answers, fill
from tests.town import ZONE

WORK = Period(date(2026, 4, 1), date(2026, 4, 11))
"""Ten days in which lamps were changed."""

BEGAN = date(2025, 3, 3)
SAVED = 0.15


def degrees_of(days: Period) -> np.ndarray:
    turn = np.array([day.timetuple().tm_yday for day in days])
    return 58 - 12 * np.cos((turn - 20) / 365 * 2 * np.pi) + np.random.default_rng(8).normal(0, 4, days.days)


def halls(calendar) -> np.ndarray:
    """Wh by slot: 80 kW, more in the heat, 15 % less since the work."""
    days, random = calendar.period, np.random.default_rng(9)
    warm = np.maximum(degrees_of(days) - 62, 0)
    kw = (80 + 2 * warm + random.normal(0, 3, days.days))[calendar.day_of]
    since = np.array([day >= WORK.start for day in days])[calendar.day_of]
    return (kw * np.where(since, 1 - SAVED, 1) * 250).astype(np.int64)


@pytest.fixture
def halls_of(town, joel, monkeypatch):
    """A works with a year and a half of readings and of weather, whose manager is Joel."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    town.on(BEGAN.isoformat())
    rates = [town.adopts_book(f"marisol-bay-power/gs-2_{year}-07-01.toml", "commercial") for year in ("2024", "2026")]
    home = town.moves_in("Halls", rates[-1], interval=900)
    days = Period(BEGAN, TODAY)
    town.uses("Halls", days, halls(slot_calendar(days, seconds=900, zone=ZONE)))
    told = [
        WeatherIn(day, *(Decimal(f"{at + apart:.1f}") for apart in (-8, 0, 8)))
        for day, at in zip(days, degrees_of(days), strict=True)
    ]
    with unit_of_work(JOEL):
        record_day_weather(station="Town", days=told, by=JOEL, at=NOW)
    town.on(TODAY.isoformat())
    return World(town, known_as(home, "Long Halls", at=town.at))


def test_a_project_is_kept_and_its_saving_told_with_how_sure_it_is(halls_of):
    client, slug = halls_of.be("joel"), halls_of.kelp.slug
    here = f"/key/accounts/{slug}/savings/"
    assert "No project is kept" in answers(client.get(here))
    said = {
        "name": "LED lamps",
        "service": Agreement.objects.get().pk,
        "began_on": "2026-04-01",
        "done_on": "2026-04-10",
    }
    fill(client, f"{here}do/keep/", **said)
    found = outcome(Project.objects.get(), on=TODAY).by_meter
    assert found is not None
    before = found.verified.kwh / found.verified.share
    assert abs(found.verified.kwh - SAVED * before) <= found.verified.off_kwh
    assert found.verified.share == pytest.approx(SAVED, abs=0.02)
    assert found.verified.sure
    page = answers(client.get(here))
    assert plain(sentence(found)) in page
    assert "CV(RMSE)" in page
    paper = answers(client.get(f"{here}?project={Project.objects.get().pk}&print=1"))
    assert "What was saved: LED lamps" in paper
    assert plain(sentence(found)) in paper


def test_what_was_saved_measures_a_goal_of_the_plan(halls_of):
    organisation, service = halls_of.kelp, Agreement.objects.get()
    assert taken(organisation, None) is None
    project = kept(organisation, service)
    found = outcome(project, on=TODAY).by_meter
    told = taken(organisation, service)
    assert found is not None and told is not None
    assert int(told.value) == round(found.verified.kwh)
    assert [(row.what, row.on) for row in told.rows] == [("LED lamps", WORK.last_day)]
    with unit_of_work(JOEL):
        keeping.drop_project(project=project, by=JOEL, at=NOW)
    assert taken(organisation, None) is None
    with unit_of_work(JOEL), pytest.raises(CannotKeep, match="dropped already"):
        keeping.drop_project(project=project, by=JOEL, at=NOW)


def test_what_the_meter_cant_tell_is_refused_with_the_reason(halls_of):
    client, slug = halls_of.be("joel"), halls_of.kelp.slug
    kept(halls_of.kelp, Agreement.objects.get(), began=TODAY - timedelta(days=20), done=TODAY - timedelta(days=10))
    page = answers(client.get(f"/key/accounts/{slug}/savings/"))
    assert "The meter does not tell what it saved" in page
    assert "9 days since have readings and temperatures; 60 are needed." in page


@pytest.mark.parametrize(("began", "done", "why"), [
    (date(2026, 5, 1), date(2026, 4, 1), "before it began"),
    (TODAY, TODAY + timedelta(days=1), "not done yet"),
    (date(2026, 8, 1), date(2026, 8, 5), "can't tell the two apart"),
])  # fmt: skip
def test_days_that_tell_nothing_are_not_kept(halls_of, began, done, why):
    kept(halls_of.kelp, Agreement.objects.get())
    with pytest.raises(CannotKeep, match=why):
        kept(halls_of.kelp, Agreement.objects.get(), began=began, done=done)


def test_a_saving_that_chance_explains_is_not_called_one():
    days = Period(TODAY, TODAY + timedelta(days=90))

    def told(kwh: float, off: float) -> str:
        found = Verified(kwh, off, kwh / 100_000, 0.1, 0.8, 365, 90, np.zeros(90), 0.2)
        return sentence(ByMeter(found, days, days, np.zeros(90)))

    assert told(500, 900).startswith("No saving can be told from chance")
    assert "too rough" not in told(10_000, 4000)
    assert "too rough for a claim" in told(10_000, 9000)
    assert "a year more are used" in told(-10_000, 900)


def test_the_command_tells_the_same_of_the_account_as_the_page(halls_of):
    service = Agreement.objects.get()
    by_page = outcome(kept(halls_of.kelp, service), on=TODAY).by_meter
    said = ["--account", service.account.number, "--began", f"{WORK.start}", "--done", f"{WORK.last_day}", "--json"]
    result = CliRunner().invoke(savings, said, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert by_page is not None
    assert told["saved"]["kwh_year"] == round(by_page.verified.kwh)
    assert told["saved"]["off_kwh"] == round(by_page.verified.off_kwh)
    nobody = CliRunner().invoke(savings, ["--account", "1-0", *said[2:]], catch_exceptions=False)
    assert (nobody.exit_code, "no account 1-0" in nobody.stderr) == (1, True)


def taken(organisation, service):
    return measured("saved-kwh", organisation=organisation, agreement=service, on=TODAY, beyond={})


def plain(words: str) -> str:
    """As `answers` tells them."""
    return words.replace("\xa0", " ")


def kept(
    organisation: Organisation, service: Agreement, began: date = WORK.start, done: date = WORK.last_day
) -> Project:
    with unit_of_work(JOEL):
        return keeping.keep_project(
            organisation=organisation, agreement=service, name="LED lamps", began_on=began, done_on=done, on=TODAY,
            by=JOEL, at=NOW,
        )  # fmt: skip
