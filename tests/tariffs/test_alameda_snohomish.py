"""Alameda's older prices and energy sent back, and Snohomish's other schedules: bills worked by hand."""

from __future__ import annotations

import json

import pytest

from lamplighter.rating import CannotPrice
from tests.tariffs.working import D, billed, exact, flat

D1_2022, D1_2023 = "alameda-municipal-power/d-1_2022-07-01", "alameda-municipal-power/d-1_2023-07-01"
ERG = "alameda-municipal-power/erg_2022-12-01"
S23, S36, S38 = (f"snohomish-county-pud/{code}_2017-10-01" for code in (23, 36, 38))


def test_alamedas_published_split_of_2023():
    """420 kWh in summer with gas heat: 246 + 73 + 101."""
    bill = billed(D1_2023, "2023-08-01..2023-09-01", {"kWh": 420})
    assert [line.quantity for line in bill.line("energy")] == [246, 73, 101]
    assert exact(bill, "energy") == 246 * D("0.12430") + 73 * D("0.19794") + 101 * D("0.29453")


@pytest.mark.corpus
def test_it_is_the_split_of_the_worked_bills(shared):
    cases = json.loads((shared / "data" / "worked_bills.json").read_text())["cases"]
    expected = next(case["expected"] for case in cases if case["id"] == "AMP-D1-2023-example")
    bill = billed(D1_2023, "2023-08-01..2023-09-01", {"kWh": 420})
    assert [line.quantity for line in bill.line("energy")] == expected["published_tiers"]
    assert exact(bill, "energy") == D(expected["energy"])


BASELINES = {
    (D1_2022, "gas or other", "08"): (259, 336),
    (D1_2022, "gas or other", "12"): (310, 404),
    (D1_2022, "permanent electric", "08"): (317, 412),
    (D1_2022, "permanent electric", "12"): (581, 756),
    (D1_2023, "gas or other", "08"): (246, 319),
    (D1_2023, "gas or other", "12"): (295, 384),
    (D1_2023, "permanent electric", "08"): (301, 391),
    (D1_2023, "permanent electric", "12"): (552, 718),
}


@pytest.mark.parametrize(("where", "ends"), BASELINES.items())
def test_alamedas_older_tiers_end_by_heating_and_season(where, ends):
    book, heating, month = where
    year = 2022 if book == D1_2022 else 2023
    bill = billed(book, f"{year}-{month}-01..{year}-{month}-31", {"kWh": 1000}, heating=heating)
    first, second = ends
    assert [line.quantity for line in bill.line("energy")] == [first, second - first, 1000 - second]


def test_alamedas_editions_of_2024_and_2025_are_refused_by_name():
    with pytest.raises(CannotPrice, match="no figure for heating"):
        billed(D1_2023, "2024-07-01..2024-08-01", {"kWh": 420})


def test_energy_sent_back_to_alameda_is_credited():
    assert billed(ERG, "2023-05-01..2023-06-01", {"kWh received": 310}).exact == -310 * D("0.08956")


def test_an_unmetered_warning_light():
    """200 W around the clock are 4.8 kWh a day."""
    bill = billed(S23, "2020-02-01..2020-03-01", {}, nameplate_kwh="4.8")
    assert bill.exact == 29 * D("0.28") + 29 * D("4.8") * D("0.0899")


def test_a_mill_pays_for_its_demand_by_day():
    bill = billed(S36, "2020-06-01..2020-07-01", {"kWh": 2500000, "kW day": 5600, "kW other": 7000})
    assert bill.exact == 5600 * D("4.22") + 2500000 * D("0.0579")


def test_a_mill_that_runs_all_the_time():
    assert flat(S36, "2020-06-01..2020-07-01", kw=5000).exact == 5000 * D("4.22") + 5000 * 720 * D("0.0579")


@pytest.mark.parametrize(("book", "least"), [(S36, 8517), (S38, 6083)])
def test_the_minimum_is_the_contracts_but_never_below_the_schedules(book, least):
    idle = {"kWh": 0, "kW day": 0, "kW other": 0}
    assert billed(book, "2020-06-01..2020-07-01", idle).exact == least
    assert billed(book, "2020-06-01..2020-07-01", idle, contract_minimum=5000).exact == least
    assert billed(book, "2020-06-01..2020-07-01", idle, contract_minimum=9000).exact == 9000


def test_115_kv_is_cheaper():
    bill = billed(S38, "2020-06-01..2020-07-01", {"kWh": 2500000, "kW day": 5600, "kW other": 5600})
    assert bill.exact == 5600 * D("3.88") + 2500000 * D("0.0573")
