"""Sacramento: bills worked by hand from the prices of the newspaper and of the rate record."""

from __future__ import annotations

import pytest

from lamplighter.rating import CannotPrice
from lamplighter.rating.tariff import Status
from tests.tariffs.working import D, billed, exact, flat, read

SUMMER_2021 = "sacramento-municipal-utility-district/r-tod_2021-06-01"
SUMMER_2023 = "sacramento-municipal-utility-district/r-tod_2023-06-01"
WINTER = "sacramento-municipal-utility-district/r-tod_2018-10-01"
TOD3 = "sacramento-municipal-utility-district/ci-tod3_2025-05-01"
TOD4 = "sacramento-municipal-utility-district/ci-tod4_2025-05-01"


def test_independence_day_is_off_peak():
    """July 2023 has 21 working days of which the 4th, a Tuesday, is a holiday: 20 x 3 h of peak, 20 x 9 of mid-peak."""
    bill = flat(SUMMER_2023, "2023-07-01..2023-08-01")
    assert exact(bill, "energy") == 60 * D("0.3279") + 180 * D("0.1827") + (744 - 240) * D("0.1350")
    assert exact(bill, "surcharge") == 744 * D("0.0003")


def test_summer_2021_is_cheaper():
    """In July 2021 the 4th is a Sunday, kept on Monday the 5th: 22 Mondays to Fridays, 21 of them at work."""
    bill = flat(SUMMER_2021, "2021-07-01..2021-08-01")
    assert exact(bill, "energy") == 63 * D("0.3105") + 189 * D("0.1765") + (744 - 252) * D("0.1277")


def test_outside_summer_there_is_no_mid_peak():
    """January 2019: 23 Mondays to Fridays, less New Year's Day."""
    bill = flat(WINTER, "2019-01-01..2019-02-01")
    assert bill.exact == 66 * D("0.1338") + (744 - 66) * D("0.0969")


def test_days_whose_prices_were_not_found_are_refused():
    with pytest.raises(CannotPrice, match="No version of R-TOD is in force on 2021-10-01"):
        billed(SUMMER_2021, "2021-09-16..2021-10-16", {"kWh peak": 1, "kWh mid-peak": 1, "kWh off-peak": 1})


def test_a_schedule_without_its_fixed_charge_is_a_draft():
    assert [read(book).status for book in (WINTER, SUMMER_2021, SUMMER_2023)] == [Status.DRAFT] * 3


def test_a_kilowatt_of_a_factory_in_july():
    """July 2025: 23 Mondays to Fridays x 5 h of peak; the record names no holidays."""
    bill = flat(TOD3, "2025-07-01..2025-08-01", kw=600)
    assert exact(bill, "fixed") == D("2339.50")
    assert exact(bill, "site") == 600 * D("5.539")
    assert exact(bill, "summer_peak") == 600 * D("11.609")
    assert exact(bill, "summer") == 600 * (115 * D("0.2294") + (744 - 115) * D("0.1118"))
    assert exact(bill, "surcharge") == 600 * 744 * D("0.0003")


def test_the_middle_of_a_winter_day_is_cheapest():
    """January 2026: 22 Mondays to Fridays x 5 h of peak and x 7 h of saver."""
    bill = flat(TOD4, "2026-01-01..2026-02-01", kw=1000)
    assert exact(bill, "non_summer") == 1000 * (110 * D("0.1442") + 154 * D("0.0765") + 480 * D("0.1186"))
    assert exact(bill, "summer_peak") == 0


def test_demand_of_a_bill_in_both_seasons_is_due_for_the_days_of_summer():
    """16 September to 15 October 2025: 15 of 30 days are summer."""
    used = {"kWh peak": 3000, "kWh saver": 3000, "kWh off-peak": 24000}
    used |= {"kW peak": 600, "kW saver": 500, "kW off-peak": 500}
    bill = billed(TOD3, "2025-09-16..2025-10-16", used)
    assert exact(bill, "summer_peak") == 600 * D("11.609") / 2
