"""`lamplighter whatif`: answers and refusals at the command line, without a database, on loads from elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

import lamplighter
from lamplighter.cli.price import price
from lamplighter.cli.whatif import whatif
from tests.advice.making import DEMAND, FLAT
from tests.rating.writing import text_of

BOOK = Path(lamplighter.__file__).parent / "tariffs" / "books" / "marisol-bay-power"
LOADS = {
    "sam/load_commercial.csv.gz": ["battery", "efficiency.kw=5"],
    "sam/pysam_sample_load.csv.gz": ["heat_pump.therms=500", "water_heater.gallons=60"],
    "sam/pvsamv1_residential_load.csv.gz": ["ev_fleet.vehicles=1", "ev_fleet.chargers=1"],
    "synthetic_250kW_avg_15min_2025.csv.gz": ["stagger.level_kw=800", "demand_response"],
}


@pytest.fixture
def place(tmp_path):
    """Two rates and a year: 30 kW, 60 from eight to nine."""
    (tmp_path / "flat.toml").write_text(text_of(FLAT, code="FLAT"))
    (tmp_path / "demand.toml").write_text(text_of(DEMAND, code="DEMAND"))
    (tmp_path / "load.csv").write_text("\n".join("60" if hour % 24 == 8 else "30" for hour in range(8760)))
    return tmp_path


def run(*args: object, command=whatif):
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*args: object) -> dict:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_float=Decimal)


def test_the_bills_now_are_those_that_price_tells(place):
    found = answer(place / "load.csv", "--tariff", place / "demand.toml", "--measure", "efficiency.kw=5")
    priced = json.loads(
        run(place / "demand.toml", place / "load.csv", "--json", command=price).stdout, parse_float=Decimal
    )
    assert [month["now"] for month in found["rates"][0]["bills"]] == [month["bill"] for month in priced["months"]]
    assert found["rates"][0]["saving"] == Decimal("5100.00"), "43,800 kWh at 0.1 $ and 5 kW at 12 $ a month"


def test_every_rate_given_is_told_and_the_first_is_the_present_one(place):
    said = ["--tariff", place / "demand.toml", "--tariff", place / "flat.toml", "--measure", "battery.kwh=40"]
    rates = answer(place / "load.csv", *said)["rates"]
    assert [(rate["code"], rate["current"]) for rate in rates] == [("DEMAND", True), ("FLAT", False)]
    assert rates[0]["saving"] > 3000
    assert rates[1]["saving"] == 0, "a flat rate pays for no battery"


def test_assumptions_are_told_with_their_sources_and_which_were_given(place):
    (place / "plan.toml").write_text('[[measure]]\nkind = "solar"\ndc_kw = 10\n')
    found = answer(place / "load.csv", "--tariff", place / "flat.toml", "--measure", place / "plan.toml")
    told = {one["name"]: one for one in found["measures"][0]["assumptions"]}
    assert (told["dc_kw"]["value"], told["dc_kw"]["given"]) == (10, True)
    assert "PVWatts" in told["losses"]["source"]
    assert told["losses"]["given"] is False
    assert found["carbon"]["factors"][0]["hourly"] is False


@pytest.mark.parametrize(
    ("said", "code", "why"),
    [
        (["--measure", "windmill"], 1, "There is no measure “windmill”"),
        (["--measure", "ev_fleet.chargers=1"], 1, "1 chargers of 7.2 kW give 101 kWh in the 14 hours parked"),
        (["--measure", "solar.dc_kw=900"], 1, "sends energy back, which FLAT says nothing about"),
        (["--measure", "none.toml"], 2, "cannot be read"),
        (["--measure", "battery", "--capacity", "lots"], 1, "--capacity is a number of kW"),
        ([], 1, "Give a LOAD, --tariff and --measure"),
    ],
)  # fmt: skip
def test_refusals_say_why(place, said, code, why):
    result = run(place / "load.csv", "--tariff", place / "flat.toml", *said, "--json")
    assert result.exit_code == code
    assert why in result.stderr
    assert why in json.loads(result.stdout)["refused"][0]["message"]


def test_a_month_with_a_gap_is_left_out_and_said(place):
    rows = "\n".join(
        f"2025-{4 + day // 30:02}-{day % 30 + 1:02} {hour:02}:00,30" for day in range(60) for hour in range(24)
    )
    (place / "short.csv").write_text(rows)
    result = run(place / "short.csv", "--tariff", place / "flat.toml", "--measure", "efficiency")
    assert result.exit_code == 2, "values without zone or header are a whole year or a meter file"


def load_of(values, *, step=60, head="time,kw", begins=datetime(2025, 1, 1, tzinfo=timezone(timedelta(hours=-8)))):
    """A file of kW with their times."""
    rows = (f"{(begins + timedelta(minutes=step * at)).isoformat()},{value}" for at, value in enumerate(values))
    return "\n".join([head, *rows])


def hours(count, step=60):
    """30 kW, 60 from eight to nine."""
    return ["60" if at * step // 60 % 24 == 8 else "30" for at in range(count * 60 // step)]


@pytest.mark.parametrize(("text", "days"), [
    (load_of(hours(8760, 5), step=5), 365),
    (load_of(hours(8760, 30), step=30), 365),
    ("\n".join(hours(8784)), 366),
    (load_of(hours(8760), head="time,Load (kWh)"), 365),
])  # fmt: skip
def test_loads_of_other_lengths_are_answered_the_same(place, text, days):
    """Five minutes, thirty, a leap year, and kWh of whole hours, which are kW."""
    (place / "odd.csv").write_text(text)
    found = answer(place / "odd.csv", "--tariff", place / "demand.toml", "--measure", "efficiency.kw=5")
    assert found["load"]["kwh_now"] == 750 * days
    assert len(found["rates"][0]["bills"]) == 12
    assert found["rates"][0]["saving"] == Decimal(5) * 24 * days / 10 + 60 * 12, "whole kWh are no grid for a saving"


@pytest.mark.parametrize(("text", "code", "why"), [
    (load_of([f"{value}000" for value in hours(8760)], head="time,W"), 2, "headed W, and mean kW are expected"),
    (load_of(hours(8760, 30), step=30, head="time,kWh"), 2, "Multiply by the intervals of an hour"),
    (load_of(hours(8760), head="time,Load [MW]"), 2, "headed MW"),
    (load_of(["-5", *hours(8759)]), 1, "sends energy back"),
    ("\n".join([*hours(8759), "1e4002025"]), 2, "“1e4002025” is not a number."),
    ("\n".join([*hours(8759), "30000000"]), 2, "One of the values is 30,000,000 kW, more than any customer takes."),
    (load_of(hours(2160)) + "\n" + load_of(hours(5000), head="", begins=datetime(2025, 6, 1, tzinfo=UTC)).strip(), 2,
     "not evenly spaced: after 2025-03-31 23:00:00-08:00 comes 2025-06-01 00:00:00+00:00"),
])  # fmt: skip
def test_loads_that_would_mislead_are_refused_with_where_and_what_to_do(place, text, code, why):
    """A wrong unit, months that are missing, and power sent back under a rate that has no word for it."""
    (place / "odd.csv").write_text(text)
    result = run(place / "odd.csv", "--tariff", place / "demand.toml", "--measure", "efficiency.kw=5")
    assert (result.exit_code, why in result.stderr) == (code, True), result.stderr


def test_every_measure_is_listed(place):
    listed = json.loads(run("--measures").stdout)["measures"]
    assert {"solar", "battery", "heat_pump", "ev_fleet", "bus_depot", "ferry_dock"} <= {one["kind"] for one in listed}


def test_it_needs_no_database():
    """Neither Django nor a server's driver is loaded."""
    code = "import sys, lamplighter.cli.whatif; sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.corpus
@pytest.mark.parametrize(("load", "measures"), LOADS.items(), ids=LOADS)
def test_public_loads_are_answered(shared, load, measures):
    words = [word for measure in measures for word in ("--measure", measure)]
    rates = ["--tariff", f"{BOOK}:GS-2", "--tariff", f"{BOOK}:GS-1", "--attribute", "power_factor=0.95"]
    found = answer(shared / "data" / "interval" / load, *rates, *words)
    assert found["load"]["bills"] == 12
    now, then = found["rates"][0]["now"], found["rates"][0]["then"]
    assert now > 0
    assert then != now
    other = found["rates"][1]
    assert len(other["bills"]) == (0 if other["refused"] else 12)
    assert bool(other["refused"]) is load.startswith("synthetic"), "250 kW on the rate of small shops"


@pytest.mark.corpus
def test_a_year_with_two_readings_of_one_hour_is_answered_and_what_was_estimated_is_said(shared):
    load = shared / "data" / "interval" / "greenbutton" / "Coastal_Single_Family_Jan_1_2011_to_Jan_1_2012.xml.gz"
    result = run(load, "--tariff", f"{BOOK}:R-1", "--on", "2026-07-01", "--measure", "battery", "--json")
    assert json.loads(result.stdout)["load"]["bills"] == 12
    assert "2 of 8,760 readings are estimates" in result.stderr


@pytest.mark.corpus
def test_a_load_of_another_year_is_answered_by_the_prices_of_a_day(shared):
    """A house in Illinois, 2015 to 2017, its times with their offset from UTC: the book's rates are younger."""
    load = shared / "data" / "interval" / "opendsm" / "il-electricity-cdd-hdd-hourly.csv.gz"
    said = [load, "--tariff", f"{BOOK}:R-1", "--timezone", "America/Chicago", "--measure", "efficiency.kw=0.1"]
    assert "No version of R-1 is in force on 2017-" in run(*said).stderr
    found = answer(*said, "--on", "2026-07-01")
    assert found["load"]["bills"] == 12
    assert 0 < found["rates"][0]["then"] < found["rates"][0]["now"]
