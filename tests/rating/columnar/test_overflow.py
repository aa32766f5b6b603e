"""Figures beyond 64 bits are priced all the same, for that line alone; what no ledger holds is refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, asks
from lamplighter.rating.columnar import Group, Scaled, compile
from lamplighter.rating.columnar.column import Column
from tests.rating.columnar.both import both
from tests.rating.writing import tariff

D = Decimal
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
LINES = """
[[line]]
code = "customer"
unit = "$/month"
price = 9.99

[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.123456789012345678

[[line]]
code = "surcharge"
quantity = "kWh"
unit = "$/kWh"
price = 0.0003

[[line]]
code = "tax"
of = "all above"
percent = 7.123456789
"""


def priced(kwh: str, rounding: str = "once"):
    found = tariff(LINES, rounding=rounding)
    bill = BillInput(AUGUST)
    return both(found, bill, dict.fromkeys(asks(found, bill), D(kwh)))


@pytest.mark.parametrize("rounding", ["once", "each line"])
@pytest.mark.parametrize("kwh", ["0.0000000000000000001", "744.125", "98765432109876.54321", "123456789012345678"])
def test_eighteen_decimals_and_huge_quantities_are_exact(kwh, rounding):
    found = priced(kwh, rounding)
    assert found.line("energy")[0].exact == Fraction(kwh) * Fraction("0.123456789012345678")


def test_only_the_line_that_needs_it_leaves_64_bits():
    found = tariff(LINES)
    program = compile(found)
    [slot], _ = program.asks(AUGUST)
    many = Scaled(np.array([744_125_000, 98_765_432_000], dtype=np.int64), 6)
    group = program.price_arrays(Group(period=AUGUST, size=2, measured={slot: many}))
    wide = {row.span.code for row in group.rows if isinstance(row.amount, Column) and row.amount.num.dtype == object}
    assert wide == {"energy", "tax"}
    assert group.totals.dtype == np.int64
    assert [line.exact for line in group.lines(0) if line.code == "energy"] == [
        Fraction("744.125") * Fraction("0.123456789012345678")
    ]


def test_a_bill_beyond_any_ledger_is_refused_and_the_others_are_not():
    found = tariff(LINES)
    bill = BillInput(AUGUST)
    [ask] = asks(found, bill)
    together = compile(found).price([bill] * 3, [{ask: D(1)}, {ask: D("1E+40")}, {ask: D(1)}])
    assert together.refused[1].code == "amount.beyond"
    assert together.totals[0] == together.totals[2] > 0 == together.totals[1]


def test_half_cents_are_found_however_long_the_price():
    """100 kWh at $0.00005 are half a cent and are billed as one; a hair less is billed as nothing."""
    line = '[[line]]\ncode = "e"\nquantity = "kWh"\nunit = "$/kWh"\nprice = {}\n'
    bill = BillInput(AUGUST)
    totals = []
    for price in ("0.00005", "0.000049999999999999999", "0.00015"):
        found = tariff(line.format(price))
        totals.append(both(found, bill, dict.fromkeys(asks(found, bill), D(100))).total.cents)
    assert totals == [1, 0, 2]
