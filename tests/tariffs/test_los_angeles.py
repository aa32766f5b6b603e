"""Los Angeles: bills worked by hand from the rate summary of July 2019 (its totals of the two ordinances)."""

from __future__ import annotations

import pytest

from lamplighter.rating import CannotPrice
from tests.tariffs.working import D, billed, exact, flat

R1A = "los-angeles-department-of-water-and-power/r-1a_2019-07-01"
R1B = "los-angeles-department-of-water-and-power/r-1b_2019-07-01"
A1A = "los-angeles-department-of-water-and-power/a-1a_2019-07-01"
A2B = "los-angeles-department-of-water-and-power/a-2b_2019-07-01"
A3A = "los-angeles-department-of-water-and-power/a-3a_2019-07-01"
JULY, JANUARY = "2019-07-01..2019-08-01", "2020-01-01..2020-02-01"
ADJUSTMENTS = D("0.05690") + D("0.00147") + D("0.00300")  # ECA, ESA and RCA of a kWh


def test_800_kwh_in_zone_1_reach_the_second_tier():
    bill = billed(R1A, JULY, {"kWh": 800})
    assert exact(bill, "access") == D("7.90")
    assert exact(bill, "energy") == 350 * D("0.07142") + 450 * D("0.13001")
    assert bill.exact == D("7.90") + 350 * D("0.07142") + 450 * D("0.13001") + 800 * ADJUSTMENTS


def test_zone_2_has_wider_tiers_at_the_same_prices():
    bill = billed(R1A, JULY, {"kWh": 1600}, zone="zone 2")
    assert exact(bill, "access") == D("22.70")
    assert exact(bill, "energy") == 500 * D("0.07142") + 1000 * D("0.13001") + 100 * D("0.21702")


def test_the_third_tier_costs_no_more_than_the_second_in_the_low_season():
    bill = billed(R1A, JANUARY, {"kWh": 1600})
    assert exact(bill, "energy") == 350 * D("0.07142") + 1250 * D("0.13001")
    assert exact(bill, "surcharge") == 1600 * D("0.0003")


@pytest.mark.parametrize(
    ("kwh", "access"),
    [("350", "2.30"), ("350.001", "7.90"), ("350.0000001", "7.90"), ("1050", "7.90"), ("1050.001", "22.70")],
)
def test_the_access_charge_goes_by_the_tier_reached_to_the_last_wh(kwh, access):
    assert exact(billed(R1A, JULY, {"kWh": kwh}), "access") == D(access)


def test_two_months_are_billed_as_two_months():
    """60 days are 2 months of 30: the tiers end at 700 and 2,100 kWh, and the access charge is due twice."""
    bill = billed(R1A, "2019-07-01..2019-08-30", {"kWh": 1000})
    assert exact(bill, "access") == 2 * D("7.90")
    assert exact(bill, "energy") == 700 * D("0.07142") + 300 * D("0.13001")


def test_the_minimum_is_ten_dollars_beside_the_adjustments():
    bill = billed(R1A, JULY, {"kWh": 0})
    assert exact(bill, "minimum") == D("10.00") - D("2.30")
    assert bill.exact == D("10.00")


def test_factors_that_were_not_found_are_refused_by_name():
    with pytest.raises(CannotPrice, match="no figure for incremental_factors yes"):
        billed(R1A, JULY, {"kWh": 800}, incremental_factors="yes")


def test_time_of_use_counts_the_hours_of_july_2019():
    """23 working days: 23 x 4 = 92 hours of high peak, 23 x 6 = 138 of low peak, 744 - 230 = 514 of base."""
    bill = flat(R1B, JULY)
    assert exact(bill, "energy") == 92 * D("0.15858") + 138 * D("0.10018") + 514 * D("0.07274")
    assert bill.exact == D("12.00") + exact(bill, "energy") + 744 * ADJUSTMENTS


def test_march_has_an_hour_less():
    """March 2020: 22 working days, 31 x 24 - 1 = 743 hours; the hour that is missing is of a Sunday's base."""
    bill = flat(R1B, "2020-03-01..2020-04-01")
    assert exact(bill, "energy") == 22 * 10 * D("0.10018") + (743 - 220) * D("0.07664")


def test_facilities_are_the_highest_demand_of_twelve_months():
    past = {"2019-04-01": 9, "2019-05-01": 22, "2019-06-01": 8}
    bill = billed(A1A, JULY, {"kWh": 3000, "kW": 11}, past=past, since="2019-04-01")
    assert exact(bill, "facilities") == 22 * D("5.36")
    assert exact(bill, "esa") + exact(bill, "rca") == 22 * D("0.46") + 22 * D("0.96")
    kwh = 3000 * (D("0.08188") + D("0.05690"))
    assert bill.exact == D("7.00") + 22 * (D("5.36") + D("0.46") + D("0.96")) + kwh


def test_a_month_that_is_forgotten_is_not_taken_for_nothing():
    with pytest.raises(CannotPrice, match="looks back at May 2019"):
        billed(A1A, JULY, {"kWh": 3000, "kW": 11}, past={"2019-06-01": 8}, since="2019-05-01")


def test_primary_service_has_a_demand_charge_for_each_period():
    used = {"kWh high-peak": 9000, "kWh low-peak": 9000, "kWh base": 20000}
    used |= {"kW high-peak": 120, "kW low-peak": 140, "kW base": 100}
    bill = billed(A2B, JULY, used, since="2019-07-01")
    assert exact(bill, "facilities") == 140 * D("5.36")
    assert exact(bill, "demand") == 120 * D("10.00") + 140 * D("3.75")
    assert exact(bill, "energy") == 9000 * D("0.06322") + 9000 * D("0.05595") + 20000 * D("0.03522")
    assert exact(bill, "reactive_unmetered") == 0


@pytest.mark.parametrize(("kw", "charged"), [("250", False), ("250.001", True), ("300", True)])
def test_reactive_energy_is_charged_above_250_kw(kw, charged):
    used = {"kWh high-peak": 10000, "kWh low-peak": 10000, "kWh base": 5000}
    used |= {"kW high-peak": kw, "kW low-peak": 1, "kW base": 1}
    unmetered = 10000 * D("0.00029") + 10000 * D("0.00019") + 5000 * D("0.00012")
    bill = billed(A2B, JULY, used, since="2019-07-01")
    assert exact(bill, "reactive_unmetered") == (unmetered if charged else 0)


POWER_FACTORS = {"0.99": "0.00098", "0.95": "0.00098", "0.949": "0.00186", "0.80": "0.00566", "0.59": "0.01437"}


@pytest.mark.parametrize(("factor", "price"), [*POWER_FACTORS.items(), ("0.995", "0"), ("0.60", "0.01317")])
def test_metered_kvarh_are_priced_by_the_power_factor(factor, price):
    used = {"kWh high-peak": 10000, "kWh low-peak": 0, "kWh base": 0}
    used |= {"kW high-peak": 300, "kW low-peak": 0, "kW base": 0}
    used |= {"kVArh high-peak": 4000, "kVArh low-peak": 0, "kVArh base": 0, "power factor": factor}
    bill = billed(A2B, JULY, used, since="2019-07-01", reactive_metered="yes")
    assert exact(bill, "reactive") == 4000 * D(price)


def test_subtransmission_in_the_low_season_pays_for_demand_at_high_peak_only():
    used = {"kWh high-peak": 50000, "kWh low-peak": 60000, "kWh base": 200000}
    used |= {"kW high-peak": 900, "kW low-peak": 950, "kW base": 700}
    bill = billed(A3A, JANUARY, used, since="2020-01-01")
    assert exact(bill, "facilities") == 950 * D("4.56")
    assert exact(bill, "demand") == 900 * D("4.30")
    assert exact(bill, "energy") == 110000 * D("0.05464") + 200000 * D("0.03798")
