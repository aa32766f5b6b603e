"""`lamplighter bill`: run a cycle, preview, show, bill again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.billing.models import Bill, CycleWindow, Segment, TrialBill
from lamplighter.cli.days import today
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event
from tests.cli.conftest import run, said

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
BOOK = "marisol-bay-power/r-1_2026-07-01.toml"


@pytest.fixture
def window(town):
    """Ada and Ben have a month of readings, Cleo has none; their cycle is read on 1 September."""
    rate = town.adopts_book(BOOK)
    for who in ("Ada", "Ben", "Cleo"):
        town.moves_in(who, rate)
    town.uses("Ada", AUGUST, 500)
    town.uses("Ben", AUGUST, 700)
    return town.window("2026-08-01", "2026-09-01")


def test_a_year_of_windows_is_defined_and_told(town):
    year = today().year + 1
    assert f"No window of {year} is defined." in run("bill", "windows", str(year)).stdout
    town.window(f"{year - 1}-12-01", f"{year - 1}-12-03")
    status, rows = said("bill", "windows", str(year), "--define", "--holiday", "New Year's Day", "--no-estimate")
    assert (status, len(rows), rows[0]["month"], rows[0]["estimate_on"]) == (0, 12, f"{year}-01", None)
    assert rows[0]["reads_on"] > f"{year}-01-01"
    assert len(run("bill", "windows", str(year)).stdout.splitlines()) == 13
    assert Event.objects.filter(name="billing.window.defined", actor="system:command-line").count() == 12


def test_windows_that_do_not_fit_are_refused(town):
    year = today().year + 1
    town.window(f"{year - 1}-09-01", f"{year - 1}-09-03")
    refused = run("bill", "windows", str(year), "--define")
    assert (refused.exit_code, f"Define Oct {year - 1} first." in refused.output) == (1, True)
    assert run("bill", "windows", str(year), "--define", "--holiday", "Mayday").exit_code == 2
    assert run("bill", "windows", str(year), "--define", "--as", "dana").exit_code == 1
    assert not CycleWindow.objects.filter(month__year=year).exists()


def test_a_cycle_is_billed_and_what_waits_is_told(town, window):
    status, found = said("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    cleo = town.homes["Cleo"].account.number
    assert status == 1, "somebody waits"
    assert (found["billed"], found["trial"], found["on"]) == (2, False, "2026-09-02")
    assert [(one["account"], one["code"]) for one in found["parked"]] == [(cleo, "usage.missing")]
    assert {bill.issued_on for bill in Bill.objects.all()} == {date(2026, 9, 2)}
    assert sum(bill.charges.cents for bill in Bill.objects.all()) == round(float(found["total"]) * 100)


def test_the_same_run_again_bills_nothing_twice_and_ends_well_when_nobody_waits(town, window):
    run("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    town.uses("Cleo", AUGUST, 100)
    status, found = said("bill", "run", "04", "2026-08", "--on", "2026-09-03", "--as", "iris")
    assert (status, found["billed"], found["parked"]) == (0, 1, [])
    assert Bill.objects.count() == 3
    assert str(town.bill_of("Cleo").issued_by) == "staff:iris"


def test_the_run_is_told_in_words(town, window):
    result = run("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    assert result.stdout.startswith("Cycle 04, 2026-08: 2 billed, $")
    assert "1 parked" in result.stdout
    assert "readings of meter E-0003 (kWh) are missing" in result.stdout


def test_a_trial_owes_nothing_and_leaves_the_window_as_it_is(town, window):
    status, found = said("bill", "run", "04", "2026-08", "--trial")
    assert (status, found["trial"], found["billed"]) == (1, True, 2)
    assert (Bill.objects.count(), TrialBill.objects.count()) == (0, 2)
    window.refresh_from_db()
    assert window.freeze


def test_a_window_that_is_not_there_is_named(town, window):
    result = run("bill", "run", "04", "2026-09")
    assert (result.exit_code, "Its windows: 2026-08." in result.output) == (2, True)
    assert run("bill", "run", "04", "2026-13").exit_code == 2
    assert run("bill", "run", "04", "2026-08", "--as", "dana").exit_code == 1
    assert not Bill.objects.exists()


def test_a_preview_is_what_will_be_billed_and_writes_nothing(town, window):
    ada = town.homes["Ada"].account.number
    status, found = said("bill", "preview", ada.replace("-", ""), "--until", "2026-09-01")
    (segment,) = found["segments"]
    assert (status, segment["from"], segment["to"], found["refused"]) == (0, "2026-08-01", "2026-08-31", [])
    assert not Bill.objects.exists()
    assert "310 kWh × $0.1685" in run("bill", "preview", ada, "--until", "2026-09-01").stdout
    run("bill", "run", "04", "2026-08")
    assert str(town.bill_of("Ada").charges.dollars) == segment["total"]
    assert Segment.objects.get(bill=town.bill_of("Ada")).statement == segment["statement"]


def test_a_preview_says_why_not(town, window):
    cleo = town.homes["Cleo"].account.number
    result = run("bill", "preview", cleo, "--until", "2026-09-01")
    assert (result.exit_code, result.stdout, "are missing" in result.stderr) == (1, "", True)
    early = run("bill", "preview", cleo, "--until", "2026-08-05")
    assert (early.exit_code, early.stdout) == (0, "There is nothing to bill.\n")
    assert run("bill", "preview", "1-1", "--until", "2026-09-01").exit_code == 2
    assert run("bill", "preview", cleo, "--until", "tomorrow").exit_code == 2


def test_a_bill_is_shown_in_words_and_with_its_statement(town, window):
    run("bill", "run", "04", "2026-08")
    bill = town.bill_of("Ada")
    told = run("bill", "show", bill.number).stdout
    assert f"Cycle bill {bill.number}" in told
    assert "310 kWh × $0.1685" in told
    assert f"due {bill.due}" in told
    status, found = said("bill", "show", bill.number)
    (segment,) = found["segments"]
    kept = bill.segments.get()
    assert (status, segment["statement"], segment["sha256"]) == (0, kept.statement, kept.sha256)
    assert run("bill", "show", "0-0").exit_code == 2


def test_an_account_is_billed_again_from_a_day(town, window):
    run("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    before = town.bill_of("Ada")
    town.uses("Ada", Period(date(2026, 8, 20), date(2026, 9, 1)), 900)
    ada = town.homes["Ada"].account.number
    status, found = said("bill", "again", ada, "--from", "2026-08-20", "--reason", "corrected-read", "--as", "iris")
    (done,) = found["services"]
    after = town.bill_of("Ada")
    assert (status, done["bill"], done["replaced"]) == (0, after.number, [str(AUGUST)])
    assert float(done["difference"]) > 0
    assert before.segments.get().cancel_reason == "corrected-read"


def test_nothing_is_billed_again_where_nothing_differs(town, window):
    run("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    ada = town.homes["Ada"].account.number
    result = run("bill", "again", ada, "--from", "2026-08-20", "--reason", "looked-again")
    assert (result.exit_code, "nothing was billed again" in result.output) == (0, True)
    assert run("bill", "again", ada, "--from", "2026-08-20", "--reason", "x" * 41).exit_code == 2


def test_a_day_that_cannot_be_billed_now_changes_nothing(town, window):
    run("bill", "run", "04", "2026-08", "--on", "2026-09-02")
    home = town.homes["Ada"]
    from lamplighter.accounts.models import AgreementRate

    AgreementRate.objects.filter(agreement=home.agreement).update(
        period=Period(AUGUST.start, AUGUST.start + timedelta(days=9))
    )
    result = run("bill", "again", home.account.number, "--from", "2026-08-20", "--reason", "rate")
    assert (result.exit_code, "Nothing was changed." in result.output) == (1, True)
    assert Segment.objects.get(bill=town.bill_of("Ada")).live
