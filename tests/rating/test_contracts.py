"""Special contracts as tariff files: interruptible load, what is used in spite of it, facilities, a minimum take."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lamplighter.rating import BillInput, PricedBill, Tariff, asks
from lamplighter.rating.files.bills import name_of
from tests.rating.columnar.both import both
from tests.rating.writing import AUGUST, exact, findings, tariff

D = Decimal
HEAD = """
[attribute.firm_kw]
label = "Firm service level"
type = "number"
unit = "kW"
[attribute.interruptible_kw]
label = "Interruptible load"
type = "number"
unit = "kW"
[attribute.facilities]
label = "Added facilities, installed cost"
type = "number"
unit = "$"
[attribute.take_kwh]
label = "Least energy of the contract"
type = "number"
unit = "kWh"
"""
TERMS = """
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.061

[[line]]
code = "demand"
label = "Demand"
quantity = "kW"
unit = "$/kW"
price = 11.20

[[line]]
code = "credit"
label = "Interruptible credit"
quantity = "interruptible_kw"
unit = "$/kW/month"
price = 3.25
credit = true

[[line]]
code = "over"
label = "Use above the firm level"
quantity = "kW"
above = { quantity = "firm_kw" }
unit = "$/kW"
price = 22

[[line]]
code = "facilities"
label = "Facilities, 1.1 % of cost a month"
quantity = "facilities"
unit = "$/$/month"
price = 0.011

[[line]]
code = "take"
label = "Energy not taken"
of = ["energy"]
@annual@
[[line.minimum]]
quantity = "take_kwh"
unit = "$/kWh"
price = 0.061
"""
ANNUAL = TERMS.replace("@annual@", "annual = true")
CONTRACT = {"firm_kw": D(800), "interruptible_kw": D(1200), "facilities": D(84_000), "take_kwh": D(400_000)}


def billed(found: Tariff, used: dict[str, int], **year: object) -> PricedBill:
    bill = BillInput(AUGUST, CONTRACT, **year)
    quantities = {ask: D(used[name_of(ask.determinant)]) for ask in asks(found, bill)}
    return both(found, bill, quantities)


def test_a_contract_of_interruptible_load_and_a_minimum_take_by_hand():
    """350,000 kWh x .061 = 21,350; 950 kW x 11.20 = 10,640; 1,200 kW x 3.25 = 3,900 off; 150 kW over 800 firm x 22 =
    3,300; 84,000 x .011 = 924; and 50,000 of 400,000 kWh not taken x .061 = 3,050: 35,364.00."""
    priced = billed(tariff(TERMS.replace("@annual@", ""), head=HEAD), {"kWh": 350_000, "kW": 950})
    lines = {code: exact(priced, code) for code in ("energy", "demand", "credit", "over", "facilities", "take")}
    assert lines == {"energy": 21_350, "demand": 10_640, "credit": -3_900, "over": 3_300, "facilities": 924,
                     "take": 3_050}  # fmt: skip
    assert priced.total.cents == 3_536_400


def test_within_the_firm_level_and_above_the_least_nothing_is_added():
    priced = billed(tariff(TERMS.replace("@annual@", ""), head=HEAD), {"kWh": 400_001, "kW": 800})
    assert (exact(priced, "over"), priced.line("take")) == (0, ())


@pytest.mark.parametrize(("closes", "due"), [(False, 0), (True, 1_300)])
def test_a_minimum_take_of_a_year_is_held_against_the_whole_year_when_it_closes(closes, due):
    """24,400.00 a year less 17,000.00 billed before leaves 7,400.00; August with 100,000 kWh brings 6,100.00."""
    found = tariff(ANNUAL, head=HEAD)
    priced = billed(found, {"kWh": 100_000, "kW": 0}, billed_this_year=D(17_000), closes_year=closes)
    assert sum(line.exact for line in priced.line("take")) == due


def test_a_minimum_take_of_a_year_at_a_price_by_the_month_is_refused():
    told = findings("$/kWh/month".join(ANNUAL.rsplit("$/kWh", 1)), head=HEAD)
    assert any("an annual minimum is a plain amount a year, or a number of the account" in one for one in told)


def test_an_allowance_in_another_unit_is_refused():
    body = TERMS.replace("@annual@", "").replace('{ quantity = "firm_kw" }', '{ quantity = "take_kwh" }')
    told = findings(body, head=HEAD)
    assert any("kW is set against an allowance in kW, not in kWh." in one for one in told)
