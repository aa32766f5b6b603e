"""A utility begins on an empty database, is taken over from another system, and bills its first month."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from lamplighter.accounts.models import Account, Agreement, Cycle
from lamplighter.billing.models import Bill
from lamplighter.billing.operations.windows import define_window
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.queries.deposits import held_since, interest_paid_until
from lamplighter.formats.conversion.tables import TABLES as CONVERSION_TABLES
from lamplighter.formats.conversion.utility import utility_of
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import ageing, balances
from lamplighter.metering.models import Meter
from lamplighter.platform.models import LegacyKey, User
from lamplighter.premises.models import Premise, ServicePoint
from lamplighter.tariffs.models import Version
from tests.cli.conftest import run, said
from tests.town import BOOKS
from tests.usage.feeds import HOURLY, hours, write

UTILITY = """
name = "Pebble Creek Light"
phone = "(509) 555-0100"
website = "pebblecreek.example"
office = "1 Main St, Pebble Creek"
email = "help@pebblecreek.example"

[administrator]
login = "noor"
name = "Noor Castlebury"
email = "noor@pebblecreek.example"

[bank]
bank = "First Bay Bank"
routing = "121000358"
number = "000123456789"
holder = "Pebble Creek Light"
company = "1946001234"

[[jurisdiction]]
key = "pebble-creek"
name = "City of Pebble Creek"

[[source]]
key = "drawer-1"
name = "Drawer 1"
kind = "drawer"
opening_float = "200.00"

[[cycle]]
code = "01"
name = "Creekside"
"""
TABLES = {
    "premises": """premise,street,unit,city,state,postcode,jurisdiction
P1,12 Mill Rd,,Pebble Creek,WA,98801,pebble-creek
P2,14 Mill Rd,Apt 2,Pebble Creek,WA,98801,pebble-creek
P3,16 Mill Rd,,Pebble Creek,WA,98801,atlantis
""",
    "points": """point,premise,facts
S1,P1,heating=electric
S2,P2,
S3,P3,
""",
    "meters": """badge,point,kind,set_on,multiplier
M-100,S1,hourly,2019-05-04,
M-200,S2,dials-5,2011-02-01,10
M-300,S1,hourly,2019-05-04,
M-400,S2,steam,2011-02-01,
""",
    "people": """person,given,family,mobile,email,mailing,language
C1,Ada,Quill,(509) 555-0111,ada@mill.example,,en
C2,,Mill Bakery LLC,,,PO Box 7;Pebble Creek WA 98801,es
C3,Bo,Reed,call me,,,en
""",
    "accounts": """account,person,customer_class,cycle,since,bills_by
10-1,C1,residential,01,2015-03-01,email
10-2,C2,commercial,01,2020-06-15,
10-3,C3,residential,01,2020-06-15,
10-4,C1,residential,09,2020-06-15,
""",
    "services": """account,points,rate,billed_to
10-1,S1,R-1,2026-08-01
10-2,S2,R-1,2026-08-01
10-2,S2,R-1,2026-08-01
""",
    "debts": """account,owed_on,amount,component
10-1,2026-06-20,41.07,energy
10-1,2026-07-20,80.00,energy
10-2,2026-07-20,-5.5,energy
10-9,2026-07-20,80.00,energy
""",
    "deposits": """account,paid_on,amount,interest
10-2,2026-02-01,150.00,0.75
10-1,2026-09-01,150.00,
10-4,2026-02-01,150.00,
10-1,2025-02-01,-5,
""",
    "bills": """number,account,issued_on,due_on,previous,charges,due
77-1,10-1,2026-07-20,2026-08-10,41.07,80.00,121.07
77-2,10-2,2026-07-20,2026-08-10,0,99.999,100
""",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "utility.toml").write_text(UTILITY)
    return tmp_path


@pytest.fixture
def founded(database, folder):
    result = run("found", folder / "utility.toml")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_first_administrator_chooses_a_password_and_lets_the_others_in(founded, folder):
    path = re.search(r"http://127.0.0.1:8000(/\S+)", founded).group(1)
    client = Client()
    page = client.get(path, follow=True)
    assert page.status_code == 200
    chosen = {"password1": "one long sentence about lamps", "password2": "one long sentence about lamps"}
    done = client.post(page.request["PATH_INFO"], chosen, follow=True)
    assert 'href="/accounts/login/"' in done.content.decode()
    client.post("/accounts/login/", {"login": "noor", "password": chosen["password1"]})
    assert client.get("/admin-desk/users/").status_code == 200
    again = run("found", folder / "utility.toml")
    assert again.stdout.splitlines() == ["Everything is there already."]
    assert User.objects.count() == 1


def test_a_text_that_says_what_is_not_known_is_refused_with_every_field(database, folder):
    wrong = UTILITY.replace('kind = "drawer"', 'kind = "hat"').replace("[bank]", "[bank]\nvault = 3")
    (folder / "utility.toml").write_text(wrong.replace('email = "help@', 'email = "help'))
    result = run("found", folder / "utility.toml")
    assert result.exit_code == 1
    for field in ("email", "bank.vault", "source.0.kind"):
        assert f"utility.toml, {field}: " in result.stderr
    assert not User.objects.exists()


@pytest.fixture
def taken(founded, folder, staff):
    adopt_rate(folder)
    return said("convert", folder, "--on", "2026-08-01")


def adopt_rate(folder):
    text = folder / "r-1.toml"
    text.write_text((BOOKS / "marisol-bay-power/r-1_2026-07-01.toml").read_text())
    assert run("tariff", "draft", text, "--class", "residential", "--as", "iris").exit_code == 0
    drafted = Version.objects.get()
    assert run("tariff", "propose", drafted.pk, "--as", "iris").exit_code == 0
    assert run("tariff", "adopt", drafted.pk, "--as", "omar").exit_code == 0


def test_what_is_right_goes_in_and_the_rest_is_told_by_line(taken):
    status, found = taken
    assert status == 1
    assert {one["table"]: (one["new"], one["left_out"]) for one in found["tables"]} == {
        "premises": (2, 1), "points": (2, 1), "meters": (2, 2), "people": (2, 1), "accounts": (2, 2),
        "services": (2, 1), "debts": (2, 1), "deposits": (1, 3), "bills": (1, 1),
    }  # fmt: skip
    told = {(one["file"], one["line"]): one["message"] for one in found["findings"]}
    assert told["premises.csv", 4].startswith("There is no jurisdiction “atlantis”. There are pebble-creek.")
    assert told["points.csv", 4] == "There is no premise “P3”."
    assert told["meters.csv", 4] == "Meter M-100 stands there. Remove or exchange it first."
    assert told["meters.csv", 5].startswith("There is no kind of meter “steam”. There are hourly, quarter,")
    assert "call me" in told["people.csv", 4]
    assert told["accounts.csv", 4] == "There is no person “C3”."
    assert told["services.csv", 4] == "“S2” is there already in line 3."
    assert told["debts.csv", 5] == "There is no account “10-9”."
    assert told["deposits.csv", 3] == "A deposit that is paid on 2026-09-01 is not held yet on 2026-08-01."
    assert told["deposits.csv", 5].startswith("“-5”: ")
    assert told["bills.csv", 3] == "“99.999”: not an amount in dollars such as -12.34."


def test_the_books_hold_what_was_owed_at_its_age(taken):
    owed = Agreement.objects.get(account__old_number="10-1").subledger_id
    assert balances([owed])[owed].payoff == Money(12107)
    assert ageing([owed], on=date(2026, 8, 1), due_days=21).buckets[0] == Money(4107), "forty-two days old"
    assert [bill.number for bill in Bill.objects.all()] == ["C-77-1"]
    bakery = Account.objects.get(old_number="10-2")
    assert deposit_of(bakery).held == Money(15075)
    assert (held_since(bakery), interest_paid_until(bakery)) == (date(2026, 2, 1), date(2026, 8, 1))
    assert all(not control.differences for control in controls())


def test_debts_are_never_taken_by_half(founded, folder, staff):
    adopt_rate(folder)
    (folder / "debts.csv").write_text(TABLES["debts"].replace("80.00,energy\n10-2", "eighty,energy\n10-2"))
    _, found = said("convert", folder, "--on", "2026-08-01")
    told = {one["line"]: one["message"] for one in found["findings"] if one["file"] == "debts.csv"}
    assert told[3].startswith("“eighty”: not an amount")
    assert told[2] == "Another line of “10-1” cannot be read: none of them is taken."
    owed = Agreement.objects.get(account__old_number="10-1").subledger_id
    assert balances([owed])[owed].payoff == ZERO


def test_the_first_bill_goes_on_where_the_other_system_stopped(taken, tmp_path):
    """August is read and billed here, with what was owed there, and is paid at the counter's drawer."""
    mapping, august = tmp_path / "hourly.toml", tmp_path / "august.csv"
    mapping.write_text(HOURLY)
    chance = random.Random(7)
    counts = [chance.randint(400, 600) for _ in range(31 * 24)]
    write(tmp_path, "august.csv", hours("2026-08-01", counts, "M-100"))
    define_window(
        cycle=Cycle.objects.get(), month=date(2026, 8, 1), reads_on=date(2026, 9, 1), opens_on=date(2026, 9, 1),
        closes_on=date(2026, 9, 4), accounting_on=date(2026, 9, 1),
    )  # fmt: skip
    imported = run("import", august, "--mapping", mapping)
    assert imported.exit_code == 0, imported.output
    _, billed = said("bill", "run", "01", "2026-08", "--on", "2026-09-01")
    assert (billed["billed"], [one["code"] for one in billed["parked"]]) == (1, ["usage.missing-read"])
    bill = Bill.objects.get(account__old_number="10-1", origin=Bill.Origin.OWN)
    assert (bill.previous, bill.due) == (Money(12107), Money(12107) + bill.charges)
    (segment,) = bill.segments.all()
    assert (segment.period.start, segment.kwh) == (date(2026, 8, 1), Decimal(sum(counts)) / 1000)
    assert all(not control.differences for control in controls())


def test_the_same_again_changes_nothing_and_what_was_mended_goes_in(taken, folder):
    before = LegacyKey.objects.count()
    (folder / "premises.csv").write_text(TABLES["premises"].replace("atlantis", "pebble-creek"))
    _, found = said("convert", folder, "--on", "2026-08-01")
    new = {one["table"]: one["new"] for one in found["tables"]}
    assert new == {**dict.fromkeys(TABLES, 0), "premises": 1, "points": 1}
    assert (Premise.objects.count(), ServicePoint.objects.count(), LegacyKey.objects.count()) == (3, 3, before + 2)
    assert Meter.objects.count() == 2


def test_a_trial_tells_the_same_and_keeps_nothing(founded, folder, staff):
    adopt_rate(folder)
    tried = said("convert", folder, "--on", "2026-08-01", "--trial")
    assert (Premise.objects.count(), Account.objects.count(), LegacyKey.objects.count()) == (0, 0, 0)
    assert tried == said("convert", folder, "--on", "2026-08-01")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("people", "person,family,colour\nC1,Quill,red\n", "There is no column “colour”. Columns are person, family,"),
        ("people", "person\nC1\n", "The column “family” is missing."),
        ("people", 'person,family\nC1,"Quill\n', "is not CSV"),
        ("people", b"person,family\nC1,Qu\xeell\n", "not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_stops_everything(founded, folder, name, text, why):
    (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run("convert", folder, "--on", "2026-08-01")
    assert (result.exit_code, Premise.objects.count()) == (2, 0)
    assert why in result.stderr


def test_a_line_of_too_few_fields_is_left_out_alone(founded, folder):
    (folder / "people.csv").write_text("person,family,given\nC1,Quill,Ada\nC2,Reed\nC4,,Bo\n")
    _, found = said("convert", folder, "--on", "2026-08-01")
    told = [(one["line"], one["field"], one["message"]) for one in found["findings"] if one["file"] == "people.csv"]
    assert told == [(3, "", "The line has not as many fields as the header."), (4, "family", "Nothing is given.")]


def test_every_column_is_told_in_the_documentation():
    told = (Path(__file__).parents[2] / "docs" / "conversion.md").read_text()
    for table, row in CONVERSION_TABLES.items():
        section = told.partition(f"### {table}.csv")[2].partition("###")[0]
        assert [name for name in row.model_fields if f"`{name}`" not in section] == [], table


def test_the_example_of_the_documentation_is_read(tmp_path):
    told = (Path(__file__).parents[2] / "docs" / "conversion.md").read_text()
    (tmp_path / "utility.toml").write_text(told.partition("```toml")[2].partition("```")[0])
    assert utility_of(tmp_path / "utility.toml").administrator is not None
