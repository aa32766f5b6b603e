"""Irregular periods, changes of price inside a bill, and seasons by date, read or cycle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, BillKind, CannotPrice, asks, spread
from lamplighter.rating.proration import months
from lamplighter.rating.tariff import Proration
from tests.rating.writing import bill, exact, tariff

D = Decimal
CUSTOMER = '\n[[line]]\ncode = "customer"\nlabel = "Customer"\nunit = "$/month"\nprice = {price}\n'
ENERGY = '\n[[line]]\ncode = "energy"\nlabel = "Energy"\nquantity = "kWh"\nunit = "$/kWh"\nprice = {price}\n'
TIERS = """
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
[[line.tier]]
up_to = 300
price = 0.1
[[line.tier]]
price = {price}
"""
WINDOW = "\n[proration]\nmonth_days = 30\nregular_days = [27, 33]\nopening_and_closing = true\n"


@pytest.mark.parametrize(
    ("days", "kind", "expected"),
    [
        (27, "regular", "1"),
        (33, "regular", "1"),
        (34, "regular", "34/30"),
        (15, "regular", "1/2"),
        (30, "opening", "1"),
    ],
)
def test_a_month_is_a_month_within_the_regular_window(days, kind, expected):
    rule = Proration(D(30), (27, 33), edges=True)
    assert months(days, BillKind(kind), rule) == Fraction(expected)


def test_opening_bills_are_prorated_whatever_their_days():
    rule = Proration(D(30), (27, 33), edges=True)
    assert months(28, BillKind.OPENING, rule) == Fraction(28, 30)
    assert months(28, BillKind.REGULAR, rule) == 1


def test_otter_tails_published_customer_charge():
    """9.75 x 29 / 30.416667 = 9.30 (otpco.com, How to read my bill)."""
    otp = tariff(CUSTOMER.format(price=9.75) + "\n[proration]\nmonth_days = 30.416667\n", start="2018-01-01")
    period = Period(date(2018, 12, 11), date(2019, 1, 9))
    assert bill(otp, {}, period=period).total.dollars == D("9.30")


def test_otter_tails_published_split_by_average_daily_use():
    """600 kWh in 29 days: 413.793103 in 20 days, 186.206897 in 9."""
    period = Period(date(2018, 12, 11), date(2019, 1, 9))
    old = tariff(ENERGY.format(price=0.1), start="2018-01-01", end="2018-12-31")
    new = tariff(ENERGY.format(price=0.2), start="2018-12-31")
    wanted = BillInput(period)
    asked = asks([old, new], wanted)
    parts = spread(asked, period, {"kWh/delivered": D(600)})
    assert [round(value, 6) for value in parts.values()] == [D("413.793103"), D("186.206897")]


def test_oracles_service_quantity_proration():
    """100 kWh over 45 days, a change on the sixteenth day: 33 and 67 kWh."""
    period = Period(date(2026, 4, 1), date(2026, 5, 16))
    old = tariff(ENERGY.format(price=1), start="2026-01-01", end="2026-04-16")
    new = tariff(ENERGY.format(price=2), start="2026-04-16")
    wanted = BillInput(period)
    parts = spread(asks([old, new], wanted), period, {"kWh/delivered": D(100)})
    assert [round(value) for value in parts.values()] == [33, 67]


def test_oracles_step_proration():
    """Steps of 100 and 300 over 45 days end at 150 and 450."""
    text = TIERS.format(price=0.2).replace("up_to = 300", "up_to = 100") + WINDOW
    priced = bill(tariff(text), {"kWh": 200}, period=Period(date(2026, 4, 1), date(2026, 5, 16)))
    assert [line.quantity for line in priced.lines] == [150, 50]


def changed(at_change: str = "split"):
    line = CUSTOMER.replace("unit", f'at_change = "{at_change}"\nunit')
    return [
        tariff(line.format(price=30) + TIERS.format(price=0.2), end="2026-07-01"),
        tariff(line.format(price=60) + TIERS.format(price=0.4), start="2026-07-01"),
    ]


JUNE_JULY = Period(date(2026, 6, 16), date(2026, 7, 16))  # 15 days on either side of the change


def test_a_change_inside_a_bill_splits_charges_and_tiers_by_days():
    priced = bill(changed(), {"kWh": 400}, period=JUNE_JULY)
    assert exact(priced, "customer") == 15 + 30
    assert [(line.quantity, line.price) for line in priced.line("energy")] == [
        (150, D("0.1")), (50, D("0.2")), (150, D("0.1")), (50, D("0.4")),
    ]  # fmt: skip
    assert [line.tariff for line in priced.line("customer")] == ["T of 2020-01-01", "T of 2026-07-01"]


@pytest.mark.parametrize(("rule", "amount"), [("cycle start", 30), ("cycle end", 60)])
def test_a_line_may_take_the_price_of_one_end_of_the_cycle(rule, amount):
    assert exact(bill(changed(rule), {"kWh": 400}, period=JUNE_JULY), "customer") == amount


def test_a_line_that_did_not_change_is_not_cut():
    same = [
        tariff(TIERS.format(price=0.2) + CUSTOMER.format(price=1), end="2026-07-01"),
        tariff(TIERS.format(price=0.2) + CUSTOMER.format(price=2), start="2026-07-01"),
    ]
    priced = bill(same, {"kWh": 400}, period=JUNE_JULY)
    assert [line.quantity for line in priced.line("energy")] == [300, 100]


def test_days_that_no_version_covers_are_refused_by_name():
    old, new = changed()
    gap = tariff(CUSTOMER.format(price=60), start="2026-07-03")
    with pytest.raises(CannotPrice, match="No version of T is in force on 2026-07-01"):
        bill([old, gap], {"kWh": 1}, period=JUNE_JULY)
    with pytest.raises(CannotPrice, match="2 versions of T are in force on 2026-07-01"):
        bill([tariff(CUSTOMER.format(price=1)), new], {"kWh": 1}, period=JUNE_JULY)


def test_a_factor_that_changes_inside_a_bill_is_split():
    text = """
[[factor]]
name = "ecac"
values = [{ from = 2020-01-01, value = 0.01 }, { from = 2026-07-01, value = 0.02 }]
""" + ENERGY.format(price='{ factor = "ecac" }')
    priced = bill(tariff(text), {"kWh": 300}, period=JUNE_JULY)
    assert [(line.quantity, line.price) for line in priced.lines] == [(150, D("0.01")), (150, D("0.02"))]


def seasonal(rule: str) -> str:
    return f"""
[calendar]
seasons_by = "{rule}"
[[calendar.season]]
name = "summer"
from = "05-01"
to = "10-31"
[[calendar.season]]
name = "winter"
from = "11-01"
to = "04-30"
""" + ENERGY.format(price='{ by = "season", summer = 2, winter = 1 }')


SHOULDER = Period(date(2026, 4, 16), date(2026, 5, 16))


def test_three_rules_bill_a_shoulder_month_differently():
    """April 16 to May 15: by date half and half; by read date, and by the May cycle, all summer."""
    totals = [
        exact(bill(tariff(seasonal(rule)), {"kWh": 300}, period=SHOULDER), "energy")
        for rule in ("date", "read", "cycle")
    ]
    assert totals == [450, 600, 600]


def test_a_cycle_may_be_told_apart_from_its_read_date():
    april = BillInput(SHOULDER, cycle=date(2026, 4, 1))
    assert exact(bill(tariff(seasonal("cycle")), {"kWh": 300}, given=april), "energy") == 300
    assert exact(bill(tariff(seasonal("read")), {"kWh": 300}, given=april), "energy") == 600


def test_a_line_in_force_for_part_of_a_bill_is_billed_for_its_days():
    text = CUSTOMER.format(price=30) + "valid_from = 2026-07-01\nvalid_to = 2026-07-11\n"
    assert exact(bill(tariff(text), {}, period=JUNE_JULY), "customer") == 10
