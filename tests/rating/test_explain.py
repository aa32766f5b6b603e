"""Explanations: the arithmetic of every line in words, as a customer reads it."""

from __future__ import annotations

from decimal import Decimal

from lamplighter.rating import explain
from lamplighter.rating.explain import shown
from lamplighter.rating.files.bills import work
from tests.rating.test_books import book


def explained(code: str, start: str, at: int = 0) -> str:
    found = book(code, start)
    return "\n".join(explain(work(found, found.bills[at])))


def test_alamedas_august_bill_in_words():
    assert explained("D-1", "2026-07-01") == (
        "Customer charge: $24.27.\n"
        "Energy, baseline: 211 kWh x $0.13934 = $29.40074, shown as $29.40. This step ends at: 211 kWh.\n"
        "Energy, excess: 533 kWh x $0.26723 = $142.43359, shown as $142.44.\n"
        "State energy surcharge: 744 kWh x $0.0003 = $0.2232, shown as $0.22.\n"
        "Utility users tax: 7.5 % of $196.10433 = $14.707825, shown as $14.71. "
        "On all charges except the state surcharge.\n"
        "Total: the lines add up to $211.035355, rounded once to $211.04; each line is shown to the cent so that they "
        "add up to it."
    )


def test_a_ratchet_says_which_peak_holds_demand_up():
    text = explained("GS-2", "2026-07-01")
    assert "Demand: 329.6 kW x $12.40 = $4,087.04. Highest demand measured: 205 kW. 80 % of 412, the highest" in text


def test_an_opening_bill_says_what_share_of_a_month_it_is():
    text = explained("R-1", "2026-07-01", 3)
    assert "Customer charge: 0.4 months x $14.50 = $5.80. Of a month, for 12 days: 0.4." in text
    assert "Steps are for a month; months billed: 0.4 months. This step ends at: 120 kWh." in text


def test_a_minimum_shows_both_sides():
    text = explained("24", "2017-10-01", 1)
    assert "590 kW x 30 x $0.02425: $429.225. Minimum comes to: $445.425. The lines it covers come to: $101.50." in text


def test_a_discount_is_off_and_a_season_has_its_days():
    assert "Power Assist: 25 % off $119.50 = −$29.875, shown as −$29.88." in explained("R-1", "2026-07-01", 2)
    assert "Energy, summer, 4-9 pm on working days: 45 kWh x $0.389 = $17.505, shown as $17.51. For 15 days of" in (
        explained("R-TOU", "2026-07-01", 1)
    )


def test_numbers_for_people_are_short_and_grouped():
    assert [shown(Decimal(text)) for text in ("1234567.5", "0.12345678", "3.000")] == ["1,234,567.5", "0.123457", "3"]
