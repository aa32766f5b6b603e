"""Clallam, Batavia and Palo Alto: bills worked by hand from the pages and the sheet that were read."""

from __future__ import annotations

import pytest

from lamplighter.rating import CannotPrice
from tests.tariffs.working import D, billed, exact

CLALLAM = "clallam-county-pud/e-m_2024-04-01"
BATAVIA = "city-of-batavia/lgs_2015-05-01"
PALO_ALTO = "city-of-palo-alto-utilities/e-1_2009-07-01"
JUNE = "2024-06-01..2024-07-01"


def test_clallams_low_power_factor_adds_to_demand():
    """.95 / .80 - 1 = .1875 of the demand charge."""
    bill = billed(CLALLAM, JUNE, {"kWh": 20000, "kW": 80}, connected_kw=100, power_factor="0.80")
    demand = 80 * D("3.77")
    assert exact(bill, "power_factor") == D("0.1875") * demand
    assert bill.exact == D("75.81") + 20000 * D("0.0664") + D("1.1875") * demand + D("1.07")


@pytest.mark.parametrize("factor", ["0.95", "0.96", "1"])
def test_from_95_percent_on_clallam_adds_nothing(factor):
    bill = billed(CLALLAM, JUNE, {"kWh": 20000, "kW": 80}, connected_kw=100, power_factor=factor)
    assert exact(bill, "power_factor") == 0


def test_clallam_bills_the_larger_of_contract_and_measured_demand():
    def demand(kw: int) -> D:
        used = {"kWh": 20000, "kW": kw}
        return exact(billed(CLALLAM, JUNE, used, connected_kw=1, power_factor="1", contract_kw=90), "demand")

    assert (demand(80), demand(110)) == (90 * D("3.77"), 110 * D("3.77"))


def test_clallams_minimum_goes_by_connected_load():
    bill = billed(CLALLAM, JUNE, {"kWh": 0, "kW": 0}, connected_kw=250, power_factor="1")
    assert bill.exact == 250 * D("0.9397") + D("1.07")


def test_clallams_connected_load_must_be_told():
    with pytest.raises(CannotPrice, match="connected_kw"):
        billed(CLALLAM, JUNE, {"kWh": 0, "kW": 0}, power_factor="1")


def test_batavia_adds_one_percent_for_a_meter_on_the_low_side():
    low = billed(BATAVIA, JUNE, {"kWh": 300000, "kW": 800}, low_side="yes", power_factor="0.92")
    assert low.exact == 100 + 303000 * D("0.04362") + 808 * D("17.25")
    high = billed(BATAVIA, JUNE, {"kWh": 300000, "kW": 800}, power_factor="0.92")
    assert high.exact == 100 + 300000 * D("0.04362") + 800 * D("17.25")


def test_batavias_demand_grows_by_what_the_power_factor_lacks():
    """800 kW x (1 + .90 - .78) = 896 kW."""
    bill = billed(BATAVIA, JUNE, {"kWh": 300000, "kW": 800}, power_factor="0.78")
    assert exact(bill, "demand") + exact(bill, "power_factor") == 896 * D("17.25")


def test_batavias_demand_costs_750_at_least():
    """30 kW x (1 + .90 - .80) = 33 kW x 17.25 = 569.25."""
    bill = billed(BATAVIA, JUNE, {"kWh": 0, "kW": 30}, power_factor="0.80")
    assert exact(bill, "minimum") == 750 - D("569.25")
    assert bill.exact == 850


def test_batavias_load_factor_credit_is_refused_by_name():
    with pytest.raises(CannotPrice, match="no figure for load_factor_credit yes"):
        billed(BATAVIA, JUNE, {"kWh": 1, "kW": 1}, power_factor="1", load_factor_credit="yes")


@pytest.mark.parametrize(
    ("days", "kwh", "energy"),
    [
        ("2009-09-01..2009-10-01", 300, 300 * D("0.09524")),
        ("2009-09-01..2009-10-01", 450, 300 * D("0.09524") + 150 * D("0.13020")),
        ("2009-08-01..2009-09-03", 1000, 330 * D("0.09524") + 330 * D("0.13020") + 340 * D("0.17399")),
    ],
)
def test_palo_altos_tiers_are_ten_kwh_for_each_day_between_reads(days, kwh, energy):
    assert billed(PALO_ALTO, days, {"kWh": kwh}).exact == energy


def test_palo_altos_components_add_up_to_the_price():
    bill = billed(PALO_ALTO, "2009-09-01..2009-10-01", {"kWh": 700})
    parts = {tag: D(0) for line in bill.lines for tag, _ in line.components}
    for line in bill.lines:
        for tag, dollars in line.components:
            parts[tag] += dollars
    assert parts == {
        "commodity": 300 * D("0.05448") + 300 * D("0.07654") + 100 * D("0.10349"),
        "distribution": 300 * D("0.03755") + 300 * D("0.05045") + 100 * D("0.06729"),
        "public benefits": 700 * D("0.00321"),
    }
