"""Lines reckoned on other lines: minimums, discounts, taxes, power factor, rounding, unbundling."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import Money, total
from lamplighter.rating import BillInput, CannotPrice, Kind, price
from lamplighter.rating.columnar import compile
from tests.rating.writing import AUGUST, bill, exact, tariff

D = Decimal
BASE = """
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
price = 0.1
tags = ["energy"]

[[line]]
code = "surcharge"
label = "Surcharge"
quantity = "kWh"
unit = "$/kWh"
price = 0.0003
taxable = false
"""


def test_two_taxes_on_one_base_do_not_compound():
    """Burbank: two 7 % taxes."""
    text = BASE + "".join(
        f'\n[[line]]\ncode = "tax{i}"\nof = ["customer", "energy"]\npercent = 7\nkind = "tax"\n' for i in (1, 2)
    )
    priced = bill(tariff(text), {"kWh": 900})
    assert (exact(priced, "tax1"), exact(priced, "tax2")) == (7, 7)
    assert priced.of(Kind.TAX) == 14


def test_a_tax_may_be_on_a_tax_and_leave_a_surcharge_out():
    text = (
        BASE
        + """
[[line]]
code = "tax"
of = "taxable above"
percent = 10
[[line]]
code = "tax_on_tax"
of = ["tax"]
percent = 50
"""
    )
    priced = bill(tariff(text), {"kWh": 900})
    assert (exact(priced, "tax"), exact(priced, "tax_on_tax")) == (10, 5)


def test_a_tax_on_receipts_is_passed_through_in_full():
    """5 % of receipts of 105.263... is what 100 of charges must carry."""
    text = BASE + '\n[[line]]\ncode = "city"\nof = ["customer", "energy"]\npercent = 5\ngross_up = true\n'
    priced = bill(tariff(text), {"kWh": 900})
    city = exact(priced, "city")
    assert abs(city - (100 + city) * D("0.05")) < D("1e-15")


def test_exempt_accounts_pay_no_tax_and_an_unknown_word_is_refused():
    text = (
        BASE
        + """
[attribute.tax]
label = "Tax"
values = ["full", "exempt"]
[[line]]
code = "tax"
of = ["energy"]
percent = { by = "tax", full = 7.5, exempt = 0 }
"""
    )
    assert bill(tariff(text), {"kWh": 900}, tax="exempt").line("tax") == ()
    with pytest.raises(CannotPrice, match="expected one of full, exempt"):
        bill(tariff(text), {"kWh": 900}, tax="none")


def test_a_discount_names_its_lines_and_its_fund():
    text = (
        BASE
        + """
[attribute.low_income]
label = "Low income"
type = "yes or no"
default = false
[[line]]
code = "discount"
of = ["customer", "energy"]
percent = 25
credit = true
fund = "public purpose"
when = { low_income = true }
"""
    )
    line = bill(tariff(text), {"kWh": 900}, low_income="yes").line("discount")[0]
    assert (line.exact, line.fund, line.kind) == (-25, "public purpose", Kind.DISCOUNT)
    assert bill(tariff(text), {"kWh": 900}).line("discount") == ()


def test_two_programs_that_exclude_each_other_are_refused_together():
    flag = '\n[attribute.{0}]\nlabel = "{0}"\ntype = "yes or no"\ndefault = false\n'
    line = '\n[[line]]\ncode = "off {0}"\nof = ["energy"]\npercent = 1\ncredit = true\nwhen = {{ {0} = true }}\n'
    text = BASE + "".join(part.format(name) for part in (flag, line) for name in ("eap", "medical"))
    found = tariff(text, head='not_together = [["eap", "medical"]]')
    with pytest.raises(CannotPrice, match="only one of eap and medical"):
        bill(found, {"kWh": 1}, eap="yes", medical="yes")


MINIMUM = (
    BASE
    + """
[[line]]
code = "minimum"
label = "Minimum"
of = ["customer", "energy"]
[[line.minimum]]
unit = "$/day"
price = 1

[[line]]
code = "state_tax"
of = ["energy", "minimum"]
percent = 10
"""
)


def test_a_minimum_is_a_visible_top_up_and_taxed_where_the_rule_says():
    """Oracle: minimum line = max(0, days x price - charges); the state tax applies to energy and the minimum."""
    priced = bill(tariff(MINIMUM), {"kWh": 100})
    assert (exact(priced, "minimum"), exact(priced, "state_tax")) == (11, D("2.1"))
    assert bill(tariff(MINIMUM), {"kWh": 900}).line("minimum") == ()


LEAST = """
[[line]]
code = "least"
of = ["customer", "energy"]
annual = true
[[line.minimum]]
unit = "$/bill"
price = 500
"""
CAP = """
[[line]]
code = "cap"
of = ["customer", "energy"]
[[line.maximum]]
quantity = "kWh"
unit = "$/kWh"
price = 0.15
"""


def test_an_annual_minimum_is_tested_when_the_year_closes():
    found = tariff(BASE + LEAST)
    assert bill(found, {"kWh": 100}).line("least") == ()
    closing = BillInput(AUGUST, billed_this_year=D(300), closes_year=True)
    assert exact(bill(found, {"kWh": 100}, given=closing), "least") == 180


def test_a_maximum_is_a_visible_credit():
    assert exact(bill(tariff(BASE + CAP), {"kWh": 100}), "cap") == -5
    assert bill(tariff(BASE + CAP), {"kWh": 1000}).line("cap") == ()


RIDER = (
    BASE
    + """
[attribute.pf]
label = "Power factor"
type = "number"
[[line]]
code = "pf"
of = ["energy"]
power_factor = "pf"
reference = {reference}
{form}
"""
)
PER_POINT = RIDER.format(reference=0.95, form="percent_per_point = 0.1\ncredit_above = true")


@pytest.mark.parametrize(
    ("text", "pf", "amount"),
    [
        (PER_POINT, "0.85", "1"),  # Alameda: ten points at .1 % of 100
        (PER_POINT, "0.97", "-0.2"),
        (PER_POINT.replace("credit_above = true", ""), "0.97", "0"),
        (RIDER.format(reference=0.95, form='form = "ratio"'), "0.76", "25"),  # Clallam
        (RIDER.format(reference=0.90, form='form = "difference"'), "0.80", "10"),  # Batavia
        (PER_POINT + "round_to = { size = 0.01 }", "0.853", "1"),
    ],
)
def test_power_factor_riders(text, pf, amount):
    assert exact(bill(tariff(text), {"kWh": 1000}, pf=pf), "pf") == D(amount)


def test_a_power_factor_that_is_not_told_is_measured():
    assert exact(bill(tariff(PER_POINT), {"kWh": 1000, "power factor": "0.85"}), "pf") == 1


def test_a_power_factor_that_cannot_be_is_refused():
    with pytest.raises(CannotPrice, match="not between 0 and 1"):
        bill(tariff(PER_POINT), {"kWh": 1000}, pf="85")


def test_components_are_parts_of_the_price_not_additions():
    text = BASE.replace("price = 0.1\n", "price = 0.1\ncomponents = { generation = 0.06, distribution = 0.04 }\n")
    line = bill(tariff(text), {"kWh": 900}).line("energy")[0]
    assert line.components == (("generation", 54), ("distribution", 36))
    assert line.exact == 90


@pytest.mark.parametrize(("rule", "expected"), [("each line", "30.28"), ("once", "30.27")])
def test_rounding_each_line_and_once_differ(rule, expected):
    line = '\n[[line]]\ncode = "{0}"\nlabel = "{0}"\nunit = "$/bill"\nprice = {1}\n'
    text = line.format("a", "10.095") + line.format("b", "10.095") + line.format("c", "10.08")
    priced = bill(tariff(text, rounding=rule), {})
    assert priced.total.dollars == D(expected)
    assert total(shown.amount for shown in priced.lines) == priced.total


def test_a_tax_may_be_taken_of_rounded_amounts():
    tax = '\n[[line]]\ncode = "tax"\nof = ["energy"]\npercent = 50\n'
    text = BASE.replace("price = 0.1\n", "price = 0.1049\n") + tax
    assert exact(bill(tariff(text), {"kWh": 3}), "tax") == D("0.15735")
    rounded = tariff(text, rounding='each line"\ntax_on_rounded = true\nnote = "')
    assert exact(bill(rounded, {"kWh": 3}), "tax") == D("0.155")


prices = st.decimals(min_value=0, max_value=2, places=5)


@given(st.decimals(min_value=0, max_value=99_999, places=3), prices, st.sampled_from(["each line", "once"]))
def test_lines_always_foot_to_the_total(kwh, dollars, rule):
    text = BASE.replace("price = 0.1\n", f"price = {dollars:f}\n") + (
        '\n[[line]]\ncode = "tax"\nof = "taxable above"\npercent = 7.5\n'
    )
    priced = bill(tariff(text, rounding=rule), {"kWh": f"{kwh:f}"})
    assert total(line.amount for line in priced.lines) == priced.total
    assert sum(line.exact for line in priced.lines) == priced.exact
    assert all(abs(line.amount.dollars - line.exact) <= D("0.01") for line in priced.lines)
    if rule == "once":
        assert priced.total == Money.nearest(priced.exact)


def test_lamps_are_counted_and_not_metered():
    text = """
[attribute.lamps]
label = "Lamps"
type = "number"
unit = "lamp"
[[line]]
code = "lamps"
label = "Lamps"
quantity = "lamps"
unit = "$/lamp/month"
price = 5.45
"""
    assert exact(bill(tariff(text), {}, lamps=40), "lamps") == 218
    with pytest.raises(CannotPrice, match="lamps"):
        bill(tariff(text), {})


def test_a_price_that_no_source_tells_refuses_the_account_by_name():
    text = """
[attribute.size]
label = "Size"
values = ["small", "large"]
[[line]]
code = "base"
unit = "$/day"
price = { by = "size", small = 0.49, large = "not found" }
"""
    assert exact(bill(tariff(text), {}, size="small"), "base") == 31 * D("0.49")
    with pytest.raises(CannotPrice, match="no figure for size large"):
        bill(tariff(text), {}, size="large")


FUND = """
[[line]]
code = "fund"
quantity = "quantity of lines"
lines = ["energy"]
unit = "$/kWh"
price = 0.002
"""


def test_a_line_may_follow_the_quantity_of_others():
    assert exact(bill(tariff(BASE + FUND), {"kWh": 1000}), "fund") == 2


def test_conditions_compare_numbers_and_combine():
    text = """
[attribute.kw]
label = "Connected"
type = "number"
[attribute.heat]
label = "Heat"
values = ["gas", "electric"]
[[line]]
code = "x"
unit = "$/bill"
price = 1
when = { kw = { at_least = 50, below = 500 }, not = { heat = "gas" } }
"""
    found = tariff(text)
    accounts = ((50, "electric"), (500, "electric"), (99, "gas"))
    billed = [bool(bill(found, {}, kw=kw, heat=heat).lines) for kw, heat in accounts]
    assert billed == [True, False, False]


def test_a_bill_of_nothing_is_no_bill():
    nothing = BillInput(AUGUST.ending(date(2026, 8, 1)), cycle=date(2026, 8, 1))
    with pytest.raises(AssertionError, match="a day at least"):
        price(tariff(BASE), nothing, {})
    with pytest.raises(AssertionError, match="a day at least"):
        compile(tariff(BASE)).price([nothing], [{}])
