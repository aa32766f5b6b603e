"""`lamplighter savings`: a known saving is found in kW and a station's days; what can't be told is refused."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from lamplighter.cli.savings import savings

BEGAN, DONE, HOURS = "2026-04-01", "2026-04-10", 24 * 520
FIRST = datetime(2025, 3, 31, 8, tzinfo=UTC)
SAVED = 0.12


@pytest.fixture
def place(tmp_path):
    """Hours of 80 kW and more in the heat, 12 % less since April 10, with the temperatures of their days."""
    lot = np.random.default_rng(4)
    days = [date(2025, 3, 31) + timedelta(days=at) for at in range(521)]
    degrees = 58 - 12 * np.cos((np.array([day.timetuple().tm_yday for day in days]) - 20) / 365 * 2 * np.pi)
    degrees = np.round(degrees + lot.normal(0, 4, len(days)), 1)
    kw = 80 + 2 * np.maximum(degrees - 62, 0) + lot.normal(0, 2, len(days))
    lines = ["time,kw"]
    for hour in range(HOURS):
        at = FIRST + timedelta(hours=hour)
        since = at >= datetime(2026, 4, 10, 7, tzinfo=UTC)
        lines.append(f"{at.isoformat()},{kw[hour // 24] * (1 - SAVED if since else 1):.3f}")
    (tmp_path / "load.csv").write_text("\n".join(lines))
    said = [f"{day},{at - 8},{at},{at + 8}" for day, at in zip(days, degrees, strict=True)]
    (tmp_path / "days.csv").write_text("DATE,TMIN,TAVG,TMAX\n" + "\n".join(said))
    return tmp_path


def run(place, *more, began=BEGAN, done=DONE, weather="days.csv"):
    said = [place / "load.csv", "--weather", place / weather, "--began", began, "--done", done, *more]
    return CliRunner().invoke(savings, [str(one) for one in said])


def test_a_known_saving_is_found_with_how_sure_it_is(place):
    result = run(place, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["before"] == {"from": "2025-04-01", "to": "2026-03-31", "days": 365}
    assert found["since"]["from"] == "2026-04-11"
    saved = found["saved"]
    year = saved["kwh_year"] / saved["share"]
    assert abs(saved["kwh_year"] - SAVED * year) <= saved["off_kwh"]
    assert saved["claimable"]
    assert 0 < saved["cvrmse"] < 0.1
    assert 0 < saved["pnrmse"] < 1
    assert f"Saved in a year: {saved['kwh_year']:,} kWh" in run(place).stdout


@pytest.mark.parametrize(("began", "done", "why"), [
    ("2026-04-20", "2026-04-10", "before it began"),
    ("2026-08-01", "2026-08-20", "days since have readings and temperatures; 60 are needed"),
    ("2025-09-01", "2025-09-10", "days of the year before have readings and temperatures; 300 are needed"),
    ("2024-09-01", "2024-09-10", "days before the work and since are needed"),
])  # fmt: skip
def test_days_that_tell_nothing_are_refused(place, began, done, why):
    result = run(place, "--json", began=began, done=done)
    assert result.exit_code == 1
    assert why in result.stderr
    assert why in json.loads(result.stdout)["refused"][0]["message"]


def test_a_station_that_cannot_be_read_is_named_by_its_line(place):
    (place / "wrong.csv").write_text("DATE,TMIN,TMAX\n2026-13-01,1,2\n")
    result = run(place, weather="wrong.csv")
    assert result.exit_code == 2
    assert "line 2 is not a day" in result.stderr


def test_a_load_or_an_account_is_needed(place):
    result = CliRunner().invoke(savings, ["--began", BEGAN, "--done", DONE])
    assert result.exit_code == 1
    assert "Give a LOAD with --weather, or --account" in result.stderr


def test_opendsm_is_asked_for_by_name_and_its_absence_said(place, monkeypatch):
    monkeypatch.setitem(sys.modules, "opendsm", None)
    result = run(place, "--opendsm", "--json")
    assert result.exit_code == 1
    assert "OpenDSM is not installed here" in result.stderr
    told = json.loads(result.stdout)
    assert "pip install" in told["opendsm"]["refused"]
    assert told["saved"]["kwh_year"] > 0, "ours is told all the same"
