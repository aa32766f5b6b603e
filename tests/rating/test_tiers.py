"""Tiers: by the month, day and hours' use; with time of use in proportion, in order of time, or apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.periods import Period
from lamplighter.rating import (
    BillInput,
    CannotPrice,
    asks,
    asks_after,
    gathered,
    load_of_kw,
    measure_all,
    price,
    verify,
)
from lamplighter.rating.tiers import allocate, proportional
from tests.rating.columnar.both import both
from tests.rating.writing import bill, exact, tariff

D = Decimal
ENERGY = """
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
"""
TOU = """
[[calendar.clock]]
[[calendar.clock.period]]
name = "peak"
windows = [{ from = "12:00", to = "24:00" }]
[[calendar.clock.period]]
name = "off"
"""
quantities = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)
edges = st.lists(st.integers(1, 10**5), max_size=4, unique=True)
limits = edges.map(lambda found: [*map(Fraction, sorted(found)), None])


@given(quantities, limits)
def test_tiers_cover_every_unit_in_order(quantity, ends):
    shares = allocate(quantity, ends)
    assert sum(shares) == quantity
    assert all(share >= 0 for share in shares)
    full = [edge - before for before, edge in zip([0, *ends[:-1]], ends[:-1], strict=False)]
    for i, share in enumerate(shares[1:], start=1):
        assert share == 0 or shares[:i] == full[:i]


@given(quantities, quantities, limits)
def test_in_proportion_the_periods_fill_the_same_tiers_as_the_whole(one, other, ends):
    whole = one + other
    parts = [proportional(each, whole, ends) for each in (one, other)]
    assert [a + b for a, b in zip(*parts, strict=True)] == allocate(whole, ends)


def test_alamedas_published_split_of_2023():
    """420 kWh in a summer cycle with gas heat: 246, 73 and 101 kWh; 74.77495 (alamedamp.com, 2023 edition)."""
    steps = "".join(
        f"\n[[line.tier]]\nup_to = {limit}\nprice = {dollars}" for limit, dollars in ((246, 0.1243), (319, 0.19794))
    )
    priced = bill(tariff(f"{ENERGY}{steps}\n[[line.tier]]\nprice = 0.29453\n"), {"kWh": 420})
    assert [line.quantity for line in priced.lines] == [246, 73, 101]
    assert priced.exact == D("74.77495")


def test_seattle_gives_so_much_a_day():
    daily = tariff(f'{ENERGY}tiers_per = "day"\n[[line.tier]]\nup_to = 10\nprice = 0.1\n[[line.tier]]\nprice = 0.2\n')
    assert exact(bill(daily, {"kWh": 400}), "energy") == 310 * D("0.1") + 90 * D("0.2")


def test_hours_use_goes_by_billing_demand():
    text = (
        ENERGY
        + """
tiers_per = "kW"
tiers_per_kw_of = { quantity = "kW" }
[[line.tier]]
up_to = 150
price = 0.12
[[line.tier]]
price = 0.08
"""
    )
    assert exact(bill(tariff(text), {"kWh": 20_000, "kW": 100}), "energy") == 15_000 * D("0.12") + 5_000 * D("0.08")


def tou(order: str) -> str:
    return f"""{TOU}{ENERGY}
tiers_with_hours = "{order}"
[[line.tier]]
up_to = 100
price = {{ by = "period", peak = 0.3, off = 0.1 }}
[[line.tier]]
price = {{ by = "period", peak = 0.6, off = 0.2 }}
"""


def measured(text: str, kw: list[int]):
    """A bill of two days, hour by hour."""
    days = Period(date(2026, 8, 1), date(2026, 8, 3))
    load = load_of_kw(ZoneInfo("America/Los_Angeles"), days.start, 60, [D(v) for v in kw])
    wanted = BillInput(days)
    found = tariff(text)
    return both(found, wanted, gathered(found, wanted, partial(measure_all, load)))


def test_in_proportion_each_period_has_its_share_of_each_tier():
    assert exact(bill(tariff(tou("proportional")), {"kWh peak": 50, "kWh off": 150}), "energy") == sum(
        [25 * D("0.3"), 25 * D("0.6"), 75 * D("0.1"), 75 * D("0.2")]
    )


def test_in_order_of_time_the_running_total_decides():
    # 120 kWh on the first day (24 of them in the off hours after noon of neither), 100 kWh is reached at 8 pm
    day = [5] * 24
    chronological = exact(measured(tou("chronological"), day + [0] * 24), "energy")
    # off-peak hours 0-12: 60 kWh at .1; peak: 40 kWh at .3, then 20 kWh at .6
    assert chronological == 60 * D("0.1") + 40 * D("0.3") + 20 * D("0.6")
    assert exact(measured(tou("proportional"), day + [0] * 24), "energy") != chronological


def hours_use(order: str) -> str:
    kw = 'tiers_per = "kW"\ntiers_per_kw_of = { quantity = "kW", window_minutes = 60 }\n[[line.tier]]'
    return tou(order).replace("[[line.tier]]", kw, 1).replace("up_to = 100", "up_to = 12")


def test_hours_use_in_order_of_time_waits_for_the_highest_demand():
    """5 kW all day, but 10 kW at 6 pm: the first 12 hours' use is of 10 kW, 120 kWh, and is used up at 11 pm."""
    day = [5] * 18 + [10] + [5] * 5
    # before noon 60 kWh at .1; noon to 11 pm 60 kWh at .3; the last 5 at .6
    priced = measured(hours_use("chronological"), day + [0] * 24)
    assert exact(priced, "energy") == 60 * D("0.1") + 60 * D("0.3") + 5 * D("0.6")
    assert exact(measured(hours_use("proportional"), day + [0] * 24), "energy") != exact(priced, "energy")
    assert [step.words for step in priced.lines[0].steps if step.unit == "kW"] == [
        "highest demand measured", "steps are for each kW of billing demand",
    ]  # fmt: skip


def test_what_lies_within_such_steps_is_asked_for_once_the_demand_is_known():
    days = BillInput(Period(date(2026, 8, 1), date(2026, 8, 3)))
    found = tariff(hours_use("chronological"))
    first = asks(found, days)
    assert [ask.determinant.band for ask in first] == [None] * len(first)
    later = asks_after(found, days, dict.fromkeys(first, D(10)))
    assert {(band.lower, band.upper) for ask in later if (band := ask.determinant.band)} == {(0, 120), (120, None)}
    with pytest.raises(CannotPrice, match="was not measured"):
        price(found, days, dict.fromkeys(first, D(10)))


def test_a_worked_bill_tells_the_energy_of_each_step_in_order_of_time():
    worked = """
[[bill]]
name = "Two days"
from = 2026-08-01
to = 2026-08-03
lines = { energy = 27 }
[bill.used]
kW = 10
"kWh off" = 60
"kWh peak" = 65
"kWh off from 0 to 120" = 60
"kWh off from 120" = 0
"kWh peak from 0 to 120" = 60
"kWh peak from 120" = 5
"""
    found = tariff(hours_use("chronological") + worked)
    assert verify(found) == ()
    untold = tariff(hours_use("chronological") + worked.replace('"kWh peak from 120" = 5\n', ""))
    assert "does not tell kWh peak from 120" in str(verify(untold)[0])


def test_apart_each_period_fills_tiers_of_its_own():
    assert exact(bill(tariff(tou("separate")), {"kWh peak": 150, "kWh off": 90}), "energy") == sum(
        [100 * D("0.3"), 50 * D("0.6"), 90 * D("0.1")]
    )


@pytest.mark.parametrize("order", ["proportional", "chronological", "separate"])
def test_however_tiers_and_hours_meet_every_unit_is_billed(order):
    for text in (tou(order), hours_use(order)):
        priced = measured(text, [3, 9, 1, 4] * 12)
        assert sum(line.quantity for line in priced.lines) == sum([3, 9, 1, 4]) * 12


def test_a_fixed_charge_may_depend_on_the_kilowatt_hours_reached():
    """LADWP's power access charge."""
    text = """
[[line]]
code = "access"
label = "Power access"
unit = "$/month"
band_by = { quantity = "kWh" }
[[line.band]]
below = 350
price = 2.30
[[line.band]]
below = 1050
price = 7.90
[[line.band]]
price = 22.70
"""
    amounts = [exact(bill(tariff(text), {"kWh": kwh}), "access") for kwh in (349, 350, 1050)]
    assert amounts == [D("2.3"), D("7.9"), D("22.7")]
