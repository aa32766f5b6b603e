"""Seattle: bills worked by hand from the residential pages before and of 2025."""

from __future__ import annotations

import pytest

from lamplighter.rating import CannotPrice
from tests.tariffs.working import D, billed, exact

BLOCKS, FLAT = "seattle-city-light/r_2024-01-01", "seattle-city-light/r_2025-01-01"
SUBURBS = "Burien, SeaTac, Shoreline, King County"


def test_the_first_block_is_ten_kwh_a_day_in_summer():
    """June 2024 has 30 days: 300 kWh in the first block."""
    bill = billed(BLOCKS, "2024-06-01..2024-07-01", {"kWh": 500})
    assert bill.exact == 30 * D("0.2728") + 300 * D("0.1291") + 200 * D("0.1372")


def test_the_first_block_is_sixteen_kwh_a_day_in_winter():
    """January 2024 has 31 days: 496 kWh in the first block."""
    bill = billed(BLOCKS, "2024-01-01..2024-02-01", {"kWh": 600})
    assert bill.exact == 31 * D("0.2728") + 496 * D("0.1291") + 104 * D("0.1372")


def test_a_bill_over_both_seasons_has_the_days_of_each():
    """11 September to 9 November 2024: 20 days of summer, 40 of winter; 1,200 kWh are 20 a day."""
    bill = billed(BLOCKS, "2024-09-11..2024-11-10", {"kWh": 1200})
    summer = 200 * D("0.1291") + 200 * D("0.1372")
    winter = 640 * D("0.1291") + 160 * D("0.1372")
    assert exact(bill, "energy") == summer + winter


PRICES = {
    "Seattle": ("0.2728", "0.1291", "0.1372"),
    SUBURBS: ("0.2946", "0.1455", "0.1545"),
    "Lake Forest Park": ("0.2947", "0.1455", "0.1546"),
    "Normandy Park": ("0.2902", "0.1433", "0.1522"),
    "Tukwila": ("0.2925", "0.1444", "0.1534"),
    "Renton": ("0.2728", "0.1347", "0.1431"),
}


@pytest.mark.parametrize(("area", "prices"), PRICES.items())
def test_suburbs_have_prices_of_their_own(area, prices):
    base, first, second = map(D, prices)
    bill = billed(BLOCKS, "2024-06-01..2024-07-01", {"kWh": 400}, area=area)
    assert bill.exact == 30 * base + 300 * first + 100 * second


def test_from_2025_every_kwh_costs_the_same():
    bill = billed(FLAT, "2025-01-01..2025-03-02", {"kWh": 2000})
    assert bill.exact == 60 * D("0.3077") + 2000 * D("0.1375")


def test_the_discount_is_sixty_percent():
    bill = billed(FLAT, "2025-01-01..2025-03-02", {"kWh": 2000}, utility_discount="yes")
    assert bill.exact == D("0.40") * (60 * D("0.3077") + 2000 * D("0.1375"))


def test_shoreline_pays_for_its_undergrounding():
    bill = billed(FLAT, "2025-06-01..2025-07-01", {"kWh": 700}, area=SUBURBS, undergrounding="Aurora 3B")
    assert bill.exact == 30 * D("0.3323") + 700 * D("0.1485") + 700 * D("0.0022")


def test_undergrounding_before_2025_is_refused_by_name():
    with pytest.raises(CannotPrice, match="no figure for undergrounding yes"):
        billed(BLOCKS, "2024-06-01..2024-07-01", {"kWh": 400}, area=SUBURBS, undergrounding="yes")
