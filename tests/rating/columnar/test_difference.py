"""A difference between the calculators is told by name, so that the bill can be parked with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, asks, price
from lamplighter.rating.columnar import compile, difference
from tests.rating.writing import tariff

D = Decimal
LINES = """
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.1

[[line]]
code = "sold"
quantity = "kWh"
flow = "received"
unit = "$/kWh"
price = 0.05
credit = true

[[line]]
code = "carried"
of = ["energy", "sold"]
carry_in = "credit"
"""


@pytest.fixture(scope="module")
def billed():
    found, bill = tariff(LINES), BillInput(Period(date(2026, 8, 1), date(2026, 9, 1)), banks={"credit": D(3)})
    used = dict(zip(asks(found, bill), (D(100), D(300)), strict=True))
    return price(found, bill, used), compile(found).price([bill, bill], [used, {}])


def test_equal_bills_differ_in_nothing(billed):
    one, priced = billed
    assert difference(one, priced, 0) == ""
    assert priced.exact(0) == 0
    assert priced.balances(0) == {"credit": 8}


def test_a_line_a_cent_apart_is_named(billed):
    one, priced = billed
    energy, *others = one.lines
    dearer = energy._replace(amount=energy.amount + Money(1))
    assert difference(one._replace(lines=(dearer, *others)), priced, 0) == (
        "“energy” differs by -1 cents, and before rounding by $0.000000"
    )


def test_a_line_that_one_leaves_out_is_named(billed):
    one, priced = billed
    assert "“carried” differs by 500 cents" in difference(one._replace(lines=one.lines[:2]), priced, 0)


def test_a_hidden_fraction_of_a_cent_is_a_difference_too(billed):
    one, priced = billed
    energy, *others = one.lines
    hair = energy._replace(exact=energy.exact + D("0.0001"))
    assert "before rounding by $-0.000100" in difference(one._replace(lines=(hair, *others)), priced, 0)


def test_another_total_or_bank_is_a_difference(billed):
    one, priced = billed
    assert difference(one._replace(total=Money(7)), priced, 0) == "the total differs by -7 cents"
    assert "the bank “credit”" in difference(one._replace(banks={"credit": D(3)}), priced, 0)


def test_a_bill_that_only_one_refuses_is_a_difference(billed):
    one, priced = billed
    assert difference(one, priced, 1).startswith("the columnar calculator refuses the bill: kWh/delivered")
