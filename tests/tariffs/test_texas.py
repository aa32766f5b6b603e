"""San Antonio and Austin: bills worked by hand from the rate sheets of 2010 and 2014 and the announcement of 2012."""

from __future__ import annotations

import pytest

from lamplighter.rating import CannotPrice
from tests.tariffs.working import D, billed, exact

RE, PL, AUSTIN = "cps-energy/re_2014-02-01", "cps-energy/pl_2010-03-01", "austin-energy/r_2012-10-01"


def test_a_summer_bill_pays_more_above_600_kwh():
    bill = billed(RE, "2014-06-15..2014-07-15", {"kWh": 1350})
    assert bill.exact == D("8.75") + 1350 * D("0.0691") + 750 * D("0.0198")


def test_600_kwh_pay_nothing_more():
    assert exact(billed(RE, "2014-08-01..2014-09-01", {"kWh": 600}), "peak_capacity") == 0


def test_summer_goes_by_the_billing_cycle():
    """The same days, billed in the cycle of September and in that of October."""
    days = "2014-09-10..2014-10-10"
    assert exact(billed(RE, days, {"kWh": 1000}, cycle="2014-09-01"), "peak_capacity") == 400 * D("0.0198")
    assert exact(billed(RE, days, {"kWh": 1000}, cycle="2014-10-01"), "peak_capacity") == 0


def test_an_empty_house_pays_the_minimum_which_is_the_service_charge():
    bill = billed(RE, "2014-11-01..2014-12-01", {"kWh": 0})
    assert (bill.exact, exact(bill, "minimum")) == (D("8.75"), 0)


def test_a_higher_minimum_may_be_agreed():
    bill = billed(RE, "2014-11-01..2014-12-01", {"kWh": 100}, agreed_minimum=25)
    assert exact(bill, "higher_minimum") == 25 - (D("8.75") + 100 * D("0.0691"))


def test_a_shop_pays_less_beyond_1600_kwh():
    bill = billed(PL, "2010-04-01..2010-05-01", {"kWh": 2000})
    assert bill.exact == D("8.25") + 1600 * D("0.0695") + 400 * D("0.0325") + 1400 * D("0.0100")


@pytest.mark.parametrize(("book", "told"), [(RE, "adjustments"), (PL, "adjustments"), (PL, "asterisk")])
def test_what_the_sheets_leave_untold_is_refused_by_name(book, told):
    with pytest.raises(CannotPrice, match=f"no figure for {told} yes"):
        billed(book, "2014-06-01..2014-07-01", {"kWh": 1000}, **{told: "yes"})


@pytest.mark.parametrize(
    ("kwh", "summer", "winter"),
    [
        (500, 500 * D("0.033"), 500 * D("0.018")),
        (1000, 500 * D("0.033") + 500 * D("0.080"), 500 * D("0.018") + 500 * D("0.056")),
        (1200, D("16.50") + 40 + 200 * D("0.091"), 9 + 28 + 200 * D("0.072")),
        (2500, D("16.50") + 40 + D("45.50") + 1000 * D("0.110"), 9 + 28 + 36 + 1000 * D("0.084")),
        (2600, D("212.00") + 100 * D("0.114"), 157 + 100 * D("0.096")),
    ],
)
def test_austin_has_five_tiers_in_two_seasons(kwh, summer, winter):
    assert billed(AUSTIN, "2013-07-01..2013-08-01", {"kWh": kwh}).exact == 10 + summer
    assert billed(AUSTIN, "2013-01-01..2013-02-01", {"kWh": kwh}).exact == 10 + winter


def test_austins_summer_ends_on_a_day():
    """16 September to 15 October: 15 days of each season, in which the tiers are half as wide."""
    bill = billed(AUSTIN, "2013-09-16..2013-10-16", {"kWh": 1000})
    half = 250 * D("0.033") + 250 * D("0.080") + 250 * D("0.018") + 250 * D("0.056")
    assert exact(bill, "energy") == half


def test_austins_other_charges_are_refused_by_name():
    with pytest.raises(CannotPrice, match="no figure for added_charges yes"):
        billed(AUSTIN, "2013-07-01..2013-08-01", {"kWh": 1000}, added_charges="yes")
