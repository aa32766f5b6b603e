"""The shipped rate books: they parse clean, prove their own bills, and tell their sources."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import lamplighter
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, asks, check, check_book, needed, parse, verify, with_riders
from lamplighter.rating.files.bills import work
from lamplighter.rating.tariff import Rounding, RoundingRule, Status
from tests.rating.writing import bill, exact

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books"
FILES = sorted(BOOKS.rglob("*.toml"))
D = Decimal


def read(path: Path):
    parsed = parse(path.read_text(encoding="utf-8"), path.name)
    assert parsed.tariff is not None, "\n".join(map(str, parsed.findings))
    return parsed


def book(code: str, start: str):
    tariffs = [read(path).tariff for path in FILES]
    return next(t for t in tariffs if t.code == code and str(t.valid.start) == start)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_is_clean_and_proves_its_bills(path):
    parsed = read(path)
    assert [str(f) for f in parsed.findings if f.severity is not Severity.INFO] == []
    assert verify(parsed.tariff, path.name) == ()
    assert parsed.tariff.bills or parsed.tariff.rider or parsed.tariff.status is Status.DRAFT


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_figure_has_a_source(path):
    found = read(path).tariff
    assert found.sources
    unsourced = [line.code for line in found.lines if not line.citation.source]
    assert unsourced in ([], ["medical"])  # Alameda's medical discount was not found, and refuses the account


def test_versions_of_a_schedule_follow_each_other():
    assert [str(f) for f in check_book(read(path).tariff for path in FILES)] == []


CASES = {"AMP-D1-2026-08": "D-1", "AMP-A1-2026-08": "A-1", "AMP-A2-2026-08": "A-2"}


@pytest.mark.corpus
@pytest.mark.parametrize(("case", "code"), CASES.items())
def test_alamedas_worked_bills_come_out_exactly(shared, case, code):
    """Unrounded to the last decimal, and to the cent when rounded once."""
    cases = json.loads((shared / "data" / "worked_bills.json").read_text())["cases"]
    expected = next(each["expected"] for each in cases if each["id"] == case)
    found = book(code, "2026-07-01")
    priced = work(found, found.bills[0])
    names = {"uut": "users_tax", "state_surcharge": "surcharge"}
    for name in {"customer", "energy", "demand", *names} & set(expected):
        assert sum(row.exact for row in priced.line(names.get(name, name))) == D(expected[name]), name
    assert priced.exact == D(expected["total_unrounded"])
    assert priced.total == Money.exactly(expected["total_if_rounded_once"])


def test_alamedas_d1_is_211_03_by_line_and_211_04_once():
    found = book("D-1", "2026-07-01")
    totals = {
        rule: work(replace(found, rounding=Rounding(rule, stated=False)), found.bills[0]).total.dollars
        for rule in RoundingRule
    }
    assert totals == {RoundingRule.EACH_LINE: D("211.03"), RoundingRule.ONCE: D("211.04")}


def test_alamedas_energy_is_unbundled_without_adding_twice():
    found = book("D-1", "2026-07-01")
    energy = work(found, found.bills[0]).line("energy")
    assert sum(dollars for line in energy for _, dollars in line.components) == sum(line.exact for line in energy)


def test_an_unrecorded_medical_discount_refuses_the_account():
    found = book("D-1", "2026-07-01")
    told = replace(found.bills[0], attributes=(("medical_discount", "yes"),))
    assert "no figure for medical_discount yes" in str(verify(replace(found, bills=(told,)))[0])


def test_marisol_bays_price_change_inside_a_bill():
    """16 June to 15 July 2026: fifteen days on each book; 520 kWh by average daily use."""
    versions = [book("R-1", "2024-07-01"), book("R-1", "2026-07-01")]
    priced = bill(versions, {"kWh": 520}, period=Period(date(2026, 6, 16), date(2026, 7, 16)))
    assert exact(priced, "customer") == D("12.75") / 2 + D("14.50") / 2
    assert exact(priced, "energy") == 150 * D(".1590") + 110 * D(".2340") + 150 * D(".1685") + 110 * D(".2475")


def test_marisol_bays_solar_school_is_credited_by_price():
    found = with_riders(book("GS-2", "2026-07-01"), book("NEM-1", "2026-07-01"))
    assert check(found) == ()
    codes = [line.code for line in found.lines]
    assert codes.index("power_factor") < codes.index("export") < codes.index("surcharge")


def test_snohomishs_unknown_base_charge_is_refused_by_name():
    found = book("7", "2023-04-01")
    large = replace(found.bills[0], attributes=(("service_size", "large"),))
    assert "no figure for service_size large" in str(verify(replace(found, bills=(large,)))[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_bill_asks_for_is_among_what_the_tariff_needs(path):
    """So that a rate lab, which measures `needed` by month, can answer every bill."""
    found = read(path).tariff
    known = set(needed(found))
    given = BillInput(
        Period(date(2026, 9, 16), date(2026, 10, 16)),
        {"power_factor": "0.9", "connected_kw": 10, "service_size": "medium"},
        since=date(2026, 9, 1),
    )
    asked = asks(replace(found, valid=Period(date(2000, 1, 1))), given)
    assert {ask.determinant for ask in asked} <= known
    assert all(own.key for own in known)
