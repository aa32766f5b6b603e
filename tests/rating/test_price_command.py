"""`lamplighter price`: a tariff file or URDB JSON on a load, without a database; JSON alone; three exit codes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

import lamplighter
from lamplighter.cli.price import price
from tests.rating.writing import text_of

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books"
FLAT = '\n[[line]]\ncode = "energy"\nlabel = "Energy"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.1\n'
RATE = {
    "label": "5a0b",
    "name": "Test rate",
    "energyratestructure": [[{"rate": 0.1}]],
    "fixedchargefirstmeter": 1.2,
    "fixedchargeunits": "$/day",
    "flatdemandstructure": [[{"rate": 3}]],
    "flatdemandmonths": [0] * 12,
}


@pytest.fixture
def place(tmp_path):
    """A tariff file, a URDB rate and a year of 2 kW."""
    (tmp_path / "t.toml").write_text(text_of(FLAT))
    (tmp_path / "rate.json").write_text(json.dumps(RATE))
    (tmp_path / "load.csv").write_text("kW\n" + "2.05\n" * 8760)
    return tmp_path


def run(*args: object):
    result = CliRunner().invoke(price, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*args: object) -> dict:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_float=Decimal, parse_int=Decimal)


def test_a_urdb_rate_on_sams_calendar(place):
    found = answer(place / "rate.json", place / "load.csv", "--calendar", "sam")
    assert (found["tariff"], found["calendar"]) == ("5a0b", "sam")
    january = found["months"][0]
    expected = {
        "month": 1, "energy": "152.52", "fixed": "36.5", "demand_flat": "6.15", "demand_tou": 0, "minimum_adj": 0,
        "bill": "195.17", "kwh": "1525.2", "peak_kw": "2.05",
    }  # fmt: skip
    assert {name: january[name] for name in expected} == {name: Decimal(value) for name, value in expected.items()}
    assert found["total"] == sum(month["bill"] for month in found["months"])


def test_the_same_rate_on_the_local_calendar_counts_days_and_rounds(place):
    found = answer(place / "rate.json", place / "load.csv", "--timezone", "America/Los_Angeles")
    january, march = found["months"][0], found["months"][2]
    assert january["fixed"] == Decimal("37.2")
    assert march["kwh"] == 743 * Decimal("2.05")  # the spring day has 23 hours
    assert march["energy"] == Decimal("152.32")
    exact = answer(place / "rate.json", place / "load.csv", "--unrounded")
    assert exact["months"][2]["energy"] == Decimal("152.315")


def test_numbers_are_written_digit_for_digit(place):
    (place / "load.csv").write_text("0.40864765644073486\n" * 8760)
    result = run(place / "t.toml", place / "load.csv", "--calendar", "sam", "--json")
    assert '"kwh": 304.03385639190673584' in result.stdout


def test_a_load_may_be_packed_quarter_hourly_and_told_with_times(place):
    values = "".join(f"{2 + i % 2}\n" for i in range(35_040))
    (place / "load.csv.gz").write_bytes(gzip.compress(values.encode()))
    assert answer(place / "t.toml", place / "load.csv.gz", "--calendar", "sam")["months"][0]["peak_kw"] == 3
    hours = [f"2025-01-{1 + i // 24:02}T{i % 24:02}:00:00,1.5" for i in range(744)]
    (place / "times.csv").write_text("\n".join(hours))
    result = run(place / "t.toml", place / "times.csv")
    assert result.exit_code == 2
    assert "744 values are not a year" in result.stderr


def test_a_folder_is_a_rate_book_with_schedules_versions_and_riders(place):
    book = BOOKS / "marisol-bay-power"
    several = run(book, place / "load.csv")
    assert several.exit_code == 1
    assert "several schedules" in several.stderr
    both = answer(book, place / "load.csv", "--schedule", "R-1+NEM-1")
    assert [both["months"][i]["fixed"] for i in (5, 6)] == [Decimal("12.75"), Decimal("14.5")]
    one = answer(book, place / "load.csv", "--schedule", "R-1", "--on", "2025-03-01")
    assert {month["fixed"] for month in one["months"]} == {Decimal("12.75")}
    wrong = run(book, place / "load.csv", "--schedule", "R-11")
    assert (wrong.exit_code, "Did you mean “R-1”?" in wrong.stderr) == (1, True)


def test_facts_of_the_account_are_given_by_name(place):
    file = BOOKS / "alameda-municipal-power" / "d-1_2026-07-01.toml"
    full = answer(file, place / "load.csv")
    exempt = answer(file, place / "load.csv", "--attribute", "users_tax=exempt")
    assert exempt["total"] < full["total"]
    wrong = run(file, place / "load.csv", "--attribute", "user_tax=exempt")
    assert (wrong.exit_code, "Did you mean “users_tax”?" in wrong.stderr) == (1, True)
    impossible = run(file, place / "load.csv", "--attribute", "users_tax=none")
    assert (impossible.exit_code, "expected one of full, reduced, exempt" in impossible.stderr) == (1, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"coincidentratestructure": [[{"rate": 1}]]}, "coincident peak charge"),
        ({"demandreactivepowercharge": 0.6}, "Reactive demand (demandreactivepowercharge): The tariff needs kVArh"),
        ({"energyweekdayschedule": [[7] * 24] * 12}, "names period 7"),
        ({"flatdemandunit": "hp"}, "Demand in hp cannot be priced"),
    ],
)
def test_what_cannot_be_priced_is_refused_by_name_with_exit_1(place, fields, said):
    (place / "rate.json").write_text(json.dumps({**RATE, **fields}))
    result = run(place / "rate.json", place / "load.csv", "--calendar", "sam", "--json")
    assert result.exit_code == 1
    assert said in result.stderr
    assert any(said in finding["message"] for finding in json.loads(result.stdout)["refused"])


def test_a_load_that_sends_energy_back_is_refused_where_the_tariff_has_no_word_for_it(place):
    (place / "load.csv").write_text("2\n" * 8759 + "-3\n")
    result = run(place / "rate.json", place / "load.csv", "--calendar", "sam")
    assert (result.exit_code, "sends energy back" in result.stderr) == (1, True)
    sold = {"dgrules": "Net Billing Hourly", "energyratestructure": [[{"rate": 0.1, "sell": 0.05}]]}
    (place / "rate.json").write_text(json.dumps({**RATE, **sold}))
    december = answer(place / "rate.json", place / "load.csv", "--calendar", "sam")["months"][11]
    assert december["energy"] == 743 * 2 * Decimal("0.1") - 3 * Decimal("0.05")


@pytest.mark.parametrize(
    ("tariff", "load"),
    [("none.toml", "load.csv"), ("t.toml", "none.csv"), ("broken.json", "load.csv"), ("broken.toml", "load.csv"),
     ("t.toml", "words.csv"), ("t.toml", "short.csv"), ("t.toml", "empty.csv")],
)  # fmt: skip
def test_what_cannot_be_read_ends_with_exit_2(place, tariff, load):
    (place / "broken.json").write_text('{"energyratestructure": [[')
    (place / "broken.toml").write_text("[tariff")
    (place / "words.csv").write_text("1\n2\nthree\n")
    (place / "short.csv").write_text("1\n" * 8000)
    (place / "empty.csv").write_text("")
    result = run(place / tariff, place / load, "--calendar", "sam")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_a_tariff_file_with_faults_is_refused_with_its_lines(place):
    text = text_of(FLAT.replace("price", "prise"))
    (place / "t.toml").write_text(text)
    result = run(place / "t.toml", place / "load.csv")
    assert result.exit_code == 1
    line = text.splitlines().index("prise = 0.1") + 1
    assert f"t.toml, line {line}, line[1].prise: “prise” is not known here. Did you mean “price”?" in result.stderr


def test_people_get_a_table(place):
    result = run(place / "t.toml", place / "load.csv", "--calendar", "sam")
    assert result.stdout.splitlines()[1].split()[:4] == ["month", "energy", "fixed", "demand_flat"]
    assert result.stdout.splitlines()[-1] == "total 1795.8"


NEM12 = """100,NEM12,202601010000,X,Y
200,NMI0000001,E1,E1,E1,N1,M1,kWh,30,
"""


def test_a_meter_file_is_billed_by_the_months_it_covers(place):
    days = [f"300,202601{day:02}," + ",".join(["0.5"] * 48) + ",A,,,20260131000000," for day in range(1, 32)]
    days += [f"300,202602{day:02}," + ",".join(["1"] * 48) + ",A,,,20260228000000," for day in range(1, 11)]
    (place / "meter.csv").write_text(NEM12 + "\n".join(days) + "\n900\n")
    found = answer(place / "t.toml", place / "meter.csv", "--timezone", "Australia/Brisbane")
    assert [(m["month"], m["kwh"], m["from"], m["to"]) for m in found["months"]] == [
        (1, 744, "2026-01-01", "2026-01-31"),
        (2, 480, "2026-02-01", "2026-02-10"),
    ]


def test_times_with_their_offset_are_instants_and_may_begin_on_any_day(place):
    """From 6 in the evening of October 15, 2025 to the end of November in Chicago, with the day of 25 hours."""
    began = datetime(2025, 10, 15, 18, tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)
    times = [(began + timedelta(hours=i)).astimezone(ZoneInfo("America/Chicago")) for i in range(6 + 46 * 24 + 1)]
    (place / "told.csv").write_text("start,value\n" + "".join(f"{at.isoformat()},2\n" for at in times))
    found = answer(place / "t.toml", place / "told.csv", "--timezone", "America/Chicago")
    assert [(m["kwh"], m["from"], m["to"]) for m in found["months"]] == [
        (16 * 24 * 2, "2025-10-16", "2025-10-31"), (721 * 2, "2025-11-01", "2025-11-30"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["2025-01-01T00:00-06:00,1", "2025-01-01T01:00,1"], "Some times tell their offset"),
        (["2025-01-01T00:00-06:00,1", "2025-01-01T01:00-06:00,1", "2025-01-01T03:00-06:00,1"], "not evenly spaced"),
        (["2025-01-01T01:00-06:00,1", "2025-01-01T00:00-06:00,1"], "at least a minute apart"),
        (["2025-01-01T00:00:00-06:00,1", "2025-01-01T00:00:30-06:00,1"], "at least a minute apart"),
        (["2025-01-01T00:00-06:00,1", "2025-01-01T01:00-06:00,1"], "does not hold one whole day"),
    ],
)
def test_times_that_make_no_load_are_refused(place, rows, why):
    (place / "told.csv").write_text("\n".join(rows))
    result = run(place / "t.toml", place / "told.csv", "--timezone", "America/Chicago")
    assert result.exit_code in {1, 2}
    assert why in result.stderr


def test_pricing_loads_neither_django_nor_numpy(place):
    code = (
        "import sys\nfrom lamplighter.cli.price import price\n"
        f"try:\n    price([{str(place / 't.toml')!r}, {str(place / 'load.csv')!r}, '--calendar', 'sam'])\n"
        "except SystemExit:\n    pass\n"
        "assert not {'django', 'numpy'} & set(sys.modules), sorted(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
