"""Billing demand: ratchets, contract, minimum, mean, what is free; and the four rates users asked SAM for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, CannotPrice, PastBill, asks, needed, to_record
from lamplighter.rating.files.bills import name_of
from tests.rating.writing import AUGUST, bill, exact, tariff

D = Decimal


def demand(rules: str, price: str = "10") -> str:
    return f'\n[[line]]\ncode = "demand"\nlabel = "Demand"\nquantity = "kW"\nunit = "$/kW"\nprice = {price}\n{rules}\n'


def past(found, months: dict[int, int], year: int = 2026) -> tuple[PastBill, ...]:
    """The same peak under every determinant that the tariff records."""
    return tuple(
        PastBill(date(year, month, 1), {own.key: D(kw) for own in to_record(found)}) for month, kw in months.items()
    )


def of(found, kw: int, **given):
    return bill(found, {"kW": kw, "kWh": 0}, given=BillInput(AUGUST, **given))


def test_a_ratchet_holds_demand_up():
    found = tariff(demand("ratchet = [{ percent = 80, months_back = 11 }]"))
    autumn = past(found, dict.fromkeys(range(9, 13), 180), 2025)
    history = autumn + past(found, dict.fromkeys(range(1, 8), 180) | {5: 412})
    assert of(found, 205, past=history).line("demand")[0].quantity == D("329.6")
    assert of(found, 400, past=history).line("demand")[0].quantity == 400


def test_a_ratchet_without_history_is_refused_not_taken_for_nothing():
    found = tariff(demand("ratchet = [{ percent = 80, months_back = 11 }]"))
    with pytest.raises(CannotPrice, match="looks back at July 2026"):
        of(found, 100)
    with pytest.raises(CannotPrice, match="looks back at June 2026"):
        of(found, 100, past=past(found, {7: 100}), since=date(2026, 6, 20))


def test_what_to_measure_is_known_without_the_past():
    found = tariff(demand("ratchet = [{ percent = 80, months_back = 11 }]"))
    assert [name_of(ask.determinant) for ask in asks(found, BillInput(AUGUST))] == ["kW"]


def test_a_new_customer_looks_back_no_further_than_the_first_day_of_service():
    found = tariff(demand("ratchet = [{ percent = 80, months_back = 11 }]"))
    assert of(found, 100, past=past(found, {7: 200}), since=date(2026, 7, 3)).line("demand")[0].quantity == 160


@pytest.mark.parametrize(
    ("rules", "kw", "billed"),
    [
        ("free = 100", 180, 80),
        ("free = 100", 60, 0),
        ("least = 30", 12, 30),
        ("round_to = { size = 0.1 }", "12.34", "12.3"),
        ('round_to = { size = 1, to = "up" }', "12.01", 13),
        ("losses = 1.01", 100, 101),
        ("mean_with_highest_of_months = 2", 100, 150),
    ],
)
def test_rules_of_billing_demand(rules, kw, billed):
    found = tariff(demand(rules))
    history = past(found, {6: 200, 7: 120})
    assert of(found, kw, past=history).line("demand")[0].quantity == D(str(billed))


def test_contract_demand_is_an_attribute_of_the_account():
    text = demand('contract = { attribute = "contract_kw", percent = 90 }') + (
        '\n[attribute.contract_kw]\nlabel = "Contract"\ntype = "number"\nunit = "kW"\n'
    )
    assert of(tariff(text), 40, attributes={"contract_kw": 200}).line("demand")[0].quantity == 180
    with pytest.raises(CannotPrice, match="contract_kw"):
        of(tariff(text), 40)


def test_demand_is_not_prorated_but_its_price_is_split_at_a_change():
    period = Period(date(2026, 6, 16), date(2026, 7, 16))
    short = Period(date(2026, 7, 1), date(2026, 7, 11))
    rule = "\n[proration]\nmonth_days = 30\n"
    versions = [tariff(demand("") + rule, end="2026-07-01"), tariff(demand("", "20") + rule, start="2026-07-01")]
    assert exact(bill(versions, {"kW": 100}, period=period), "demand") == 1500
    assert exact(bill(versions[1:], {"kW": 100}, period=short), "demand") == 2000


def test_reactive_demand_above_an_allowance():
    text = """
[[line]]
code = "reactive"
quantity = "kVAr"
unit = "$/kVAr"
price = 0.25
above = { quantity = "kW", percent = 62 }
"""
    assert exact(bill(tariff(text), {"kVAr": 100, "kW": 100}), "reactive") == D("9.5")
    assert exact(bill(tariff(text), {"kVAr": 60, "kW": 100}), "reactive") == 0


CLOCK = """
[[calendar.clock]]
[[calendar.clock.period]]
name = "peak"
windows = [{ days = "Mon-Fri", from = "16:00", to = "21:00" }]
[[calendar.clock.period]]
name = "off"
"""


def test_a_ratchet_on_one_part_of_the_charge_only():
    """LADWP R-3: facilities demand looks back, time-of-use demand does not."""
    text = (
        CLOCK
        + demand('periods = ["peak"]')
        + demand("ratchet = [{ percent = 100, months_back = 1 }]", "5").replace(
            'code = "demand"', 'code = "facilities"'
        )
    )
    found = tariff(text)
    given = BillInput(AUGUST, past=past(found, {7: 300}))
    priced = bill(found, {"kW": 100, "kW peak": 80}, given=given)
    assert (exact(priced, "demand"), exact(priced, "facilities")) == (800, 1500)


def test_a_ratchet_on_other_hours_than_the_demand_billed():
    """APS E-35: billed on all hours, ratcheted on the peak period."""
    found = tariff(CLOCK + demand('ratchet = [{ percent = 80, months_back = 1, of_periods = ["peak"] }]'))
    assert [name_of(own) for own in to_record(found)] == ["kW peak"]
    given = BillInput(AUGUST, past=past(found, {7: 300}))
    assert bill(found, {"kW": 100, "kW peak": 80}, given=given).line("demand")[0].quantity == 240


def test_a_ratchet_on_the_peaks_of_some_months_only():
    found = tariff(demand("ratchet = [{ percent = 50, months_back = 12, of_months = [1, 4, 12] }]"))
    given = BillInput(AUGUST, past=past(found, {1: 200, 4: 400}) + past(found, {12: 300}, 2025))
    assert bill(found, {"kW": 100}, given=given).line("demand")[0].quantity == 200


def test_periods_may_have_different_tiers_of_demand():
    text = (
        CLOCK
        + """
[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
[[line.tier]]
up_to = { by = "period", peak = 50, off = 200 }
price = { by = "period", peak = 1, off = 2 }
[[line.tier]]
price = { by = "period", peak = 3, off = 4 }
"""
    )
    assert exact(bill(tariff(text), {"kW peak": 80, "kW off": 250}), "demand") == 50 + 90 + 400 + 200


def test_needed_names_what_a_tariff_measures_and_nothing_twice():
    text = (
        CLOCK
        + demand('periods = ["peak"]')
        + demand("ratchet = [{ percent = 80, months_back = 11 }]").replace('code = "demand"', 'code = "other"')
    )
    assert [name_of(own) for own in needed(tariff(text))] == ["kW peak", "kW"]
