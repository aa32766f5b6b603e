"""Net metering as data: a bank of kWh, credits by price with a bank of dollars, netting within the hour."""

from __future__ import annotations

from decimal import Decimal

from lamplighter.rating import BillInput, with_riders
from tests.rating.writing import AUGUST, bill, exact, tariff

D = Decimal
BANK = """
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
flow = "net"
bank = "kWh bank"
unit = "$/kWh"
[[line.tier]]
up_to = 300
price = 0.1
[[line.tier]]
price = 0.2

[[line]]
code = "nonbypassable"
label = "Public purpose"
quantity = "kWh"
unit = "$/kWh"
price = 0.01

[[line]]
code = "settle"
label = "Net surplus"
settle = "kWh bank"
price = 0.05
"""


def test_a_bank_of_kilowatt_hours_is_set_off_before_the_tiers():
    priced = bill(tariff(BANK), {"kWh net": 500, "kWh": 800}, given=BillInput(AUGUST, banks={"kWh bank": D(120)}))
    assert exact(priced, "energy") == 300 * D("0.1") + 80 * D("0.2")
    assert exact(priced, "nonbypassable") == 8  # on what was delivered
    assert priced.banks == {"kWh bank": 0}


def test_what_is_sent_beyond_use_goes_into_the_bank():
    priced = bill(tariff(BANK), {"kWh net": -250, "kWh": 300}, given=BillInput(AUGUST, banks={"kWh bank": D(120)}))
    assert exact(priced, "energy") == 0
    assert priced.banks == {"kWh bank": 370}


def test_the_true_up_pays_the_surplus_and_empties_the_bank():
    given = BillInput(AUGUST, banks={"kWh bank": D(120)}, settles=True)
    priced = bill(tariff(BANK), {"kWh net": -80, "kWh": 300}, given=given)
    assert exact(priced, "settle") == -10
    assert priced.banks == {"kWh bank": 0}


SCHEDULE = """
[[line]]
code = "customer"
label = "Customer"
unit = "$/month"
price = 10
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.2
tags = ["energy"]
[[line]]
code = "tax"
label = "Tax"
of = "taxable above"
percent = 10
kind = "tax"
"""
NEM = """
[[line]]
code = "export"
label = "Sent back"
quantity = "kWh"
flow = "received"
unit = "$/kWh"
price = 0.08
credit = true
taxable = false
tags = ["nem"]
[[line]]
code = "draw"
label = "Brought forward"
of = { tags = ["energy", "nem"] }
draw_from = "dollars"
taxable = false
[[line]]
code = "carry"
label = "Carried forward"
of = { tags = ["energy", "nem"] }
carry_in = "dollars"
taxable = false
[[line]]
code = "settle"
label = "Paid out"
settle = "dollars"
price = 1
taxable = false
"""


def netted(kwh: int, sent: int, **given):
    found = with_riders(tariff(SCHEDULE), tariff(NEM, head="rider = true", code="NEM"))
    return bill(found, {"kWh": kwh, "kWh received": sent}, given=BillInput(AUGUST, **given))


def test_a_rider_stands_before_the_first_tax():
    codes = [line.code for line in netted(100, 0).lines]
    assert codes == ["customer", "energy", "export", "tax"]


def test_credits_reduce_energy_and_never_the_customer_charge():
    priced = netted(100, 500)
    assert (exact(priced, "export"), exact(priced, "carry")) == (-40, 20)
    assert priced.banks == {"dollars": 20}
    assert priced.exact == 10 + 3  # the customer charge, and tax on all that was delivered


def test_a_bank_of_dollars_is_drawn_until_energy_comes_to_nothing():
    priced = netted(200, 0, banks={"dollars": D(55)})
    assert exact(priced, "draw") == -40
    assert priced.banks == {"dollars": 15}


def test_what_is_left_is_paid_out_at_the_true_up():
    priced = netted(200, 0, banks={"dollars": D(55)}, settles=True)
    assert exact(priced, "settle") == -15
    assert priced.banks == {"dollars": 0}


def test_energy_may_be_netted_within_the_hour():
    text = '\n[[line]]\ncode = "e"\nquantity = "kWh"\nnetting_minutes = 60\nunit = "$/kWh"\nprice = 0.1\n'
    own = bill(tariff(text), {"kWh": 7})
    assert exact(own, "e") == D("0.7")
