"""A battery's run: never beaten by trying everything, never paid for by anything but the bills."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.advice.answering import run_battery
from lamplighter.advice.battery import dispatch, prices_of
from lamplighter.advice.battery.lowest import lowest
from lamplighter.advice.effects import Battery
from lamplighter.kernel.periods import Period
from tests.advice.making import DEMAND, FLAT, asked, curve_of, option
from tests.rating.writing import tariff

DAY = Period(date(2025, 3, 3), date(2025, 3, 4))
HOURS = 4
TOU = """
[[calendar.clock]]
name = "day"

[[calendar.clock.period]]
name = "evening"
windows = [{ days = "Mon-Sun", from = "16:00", to = "24:00" }]

[[calendar.clock.period]]
name = "night"
windows = [{ days = "Mon-Sun", from = "00:00", to = "08:00" }]

[[calendar.clock.period]]
name = "day"
label = "all other hours"

[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
clock = "day"
unit = "$/kWh"
price = { by = "period", night = 0.05, day = 0.12, evening = 0.4 }

[[line]]
code = "demand"
label = "Demand"
quantity = "kW"
window_minutes = 60
unit = "$/kW"
price = 3
"""


SENT = """
[[line]]
code = "out"
label = "Sent"
kind = "export"
quantity = "kWh"
flow = "received"
unit = "$/kWh"
price = -0.04
"""


def cheapest_by_trying(rate, curve, battery, steps):
    """The lowest bill of every path of the battery over `steps` levels that ends as full as it began."""
    levels = np.linspace(0, battery.kwh, steps)
    best = rate.pricer.price(curve).total
    load = curve.kw_net()
    for path in product(range(steps), repeat=curve.calendar.slots):
        held = levels[list(path)]
        moved = held - np.roll(held, 1)
        kw = np.where(moved > 0, moved / battery.efficiency, moved) / HOURS
        if (np.abs(kw) > battery.kw + 1e-9).any() or (load + kw < -1e-9).any():
            continue
        best = min(best, rate.pricer.price(curve.with_kw(load + kw)).total)
    return best


@pytest.mark.parametrize("lines", [FLAT, DEMAND, TOU], ids=["flat", "demand", "hours"])
@settings(max_examples=6, deadline=None)
@given(load=st.lists(st.integers(0, 60), min_size=6, max_size=6), kwh=st.sampled_from([40, 120]),
       efficiency=st.sampled_from([1.0, 0.85]))  # fmt: skip
def test_the_run_is_never_beaten_by_trying_everything(lines, load, kwh, efficiency):
    rate, curve = option(tariff(lines), DAY), curve_of(load, DAY, seconds=HOURS * 3600)
    battery = Battery(kwh, 10, efficiency, 0)
    made, _ = run_battery(rate, curve, battery)
    assert rate.pricer.price(made).total.cents <= cheapest_by_trying(rate, curve, battery, 3).cents + 1


def test_its_saving_is_the_difference_of_two_bills():
    kw = np.where(np.arange(8760) % 24 == 10, 200.0, 100.0)
    rate = option(tariff(DEMAND))
    found = asked(curve_of(kw), [{"kind": "battery", "kwh": 60, "kw": 60}], rate)
    now, then = rate.pricer.price(curve_of(kw)).total, rate.pricer.price(found.on.curve).total
    assert found.on.saving == now - then
    assert 11 * 12 * 55 < found.on.saving.dollars < 12 * 12 * 60, "some 60 kW less at 12 dollars a month"
    assert found.on.charged_kwh > 0


def test_a_battery_that_gains_nothing_stands_still():
    found = asked(curve_of(100), [{"kind": "battery"}], option(tariff(FLAT)))
    assert found.on.saving.cents == 0
    assert found.on.charged_kwh == 0


def test_it_never_gives_more_than_is_used_nor_holds_more_than_fits():
    rng = np.random.default_rng(4)
    month = Period(date(2025, 3, 1), date(2025, 4, 1))
    curve = curve_of(rng.uniform(-20, 90, 743), month)
    rate = option(tariff(DEMAND + SENT), month)
    battery = Battery(100, 30, 0.9, 0)
    run = dispatch(curve.kw_net(), 1, prices_of(rate.pricer, curve), battery)
    assert np.abs(run.kw).max() <= 30 + 1e-6
    assert (np.maximum(-run.kw, 0) <= np.maximum(curve.kw_net(), 0) + 1e-6).all()
    held = np.cumsum(np.where(run.kw > 0, run.kw * 0.9, run.kw))
    assert held.max() - held.min() <= 100 + 1e-6
    assert held[-1] == pytest.approx(0, abs=1e-6), "it ends as full as it began"


def test_the_quick_run_comes_close_to_the_exact_one():
    rng = np.random.default_rng(5)
    month = Period(date(2025, 3, 1), date(2025, 4, 1))
    kw = 100 + rng.uniform(0, 10, 743 * 4) + np.where(np.arange(743 * 4) % 96 == 41, rng.uniform(0, 200, 743 * 4), 0)
    curve, rate = curve_of(kw, month, seconds=900), option(tariff(DEMAND), month)
    prices, battery = prices_of(rate.pricer, curve), Battery(100, 80, 0.85, 0)
    now = rate.pricer.price(curve).total
    quick, exact = (
        now - rate.pricer.price(curve.with_kw(kw + dispatch(kw, 0.25, prices, battery, exact=slots).kw)).total
        for slots in (0, 10_000)
    )
    assert exact.cents > 0
    assert quick.cents == pytest.approx(exact.cents, rel=0.01)


def test_the_quick_run_never_gives_more_than_is_used_nor_holds_more_than_fits():
    month = Period(date(2025, 3, 1), date(2025, 4, 1))
    at = np.arange(743 * 4)
    for seed in range(4):
        rng = np.random.default_rng(seed)
        kw = 80 + 30 * np.sin(at / 96 * 2 * np.pi) + rng.uniform(-20, 20, len(at)) - np.where(at % 96 == 50, 250, 0)
        kw += np.where(at % 24 == 7, rng.uniform(0, 150, len(at)), 0)
        rate, battery = option(tariff(TOU + SENT), month), Battery(60, 40, 0.85, 0)
        load = curve_of(kw, month, seconds=900).kw_net()
        run = dispatch(load, 0.25, prices_of(rate.pricer, curve_of(kw, month, seconds=900)), battery, exact=0)
        held = np.cumsum(np.where(run.kw > 0, run.kw * 0.85, run.kw)) * 0.25
        assert np.abs(run.kw).max() <= 40 + 1e-6
        assert (np.maximum(-run.kw, 0) <= np.maximum(load, 0) + 1e-6).all()
        assert held.max() - min(held.min(), 0) <= 60 + 1e-6
        assert held[-1] == pytest.approx(0, abs=1e-3), "it ends as full as it began"
        assert run.charged == pytest.approx(np.maximum(run.kw, 0).sum() * 0.25)


@settings(max_examples=15, deadline=None)
@given(load=st.lists(st.integers(0, 100), min_size=24, max_size=24), kwh=st.sampled_from([20, 150]))
def test_no_run_brings_a_peak_below_the_lowest_that_is_told(load, kwh):
    rate, curve = option(tariff(DEMAND), DAY), curve_of(load, DAY)
    battery = Battery(kwh, 30, 0.85, 0)
    run = dispatch(curve.kw_net(), 1, prices_of(rate.pricer, curve), battery)
    told = lowest(np.array(load, dtype=float), np.ones(24, dtype=bool), 1, battery)
    assert told <= (curve.kw_net() + run.kw).max() + 1e-6


def test_the_same_question_is_worked_out_once():
    month = Period(date(2025, 3, 1), date(2025, 4, 1))
    curve = curve_of(np.where(np.arange(743) == 100, 60, 50), month)
    prices = prices_of(option(tariff(DEMAND), month).pricer, curve)
    first = dispatch(curve.kw_net(), 1, prices, Battery(10, 5, 0.9, 0))
    assert dispatch(curve.kw_net(), 1, prices, Battery(10, 5, 0.9, 7000)) is first, "what it costs changes no run"
    assert dispatch(curve.kw_net(), 1, prices, Battery(11, 5, 0.9, 0)) is not first


def test_the_prices_are_those_of_the_bill():
    month = Period(date(2025, 3, 1), date(2025, 4, 1))
    curve = curve_of(np.where(np.arange(743) == 100, 60, 50), month)
    found = prices_of(option(tariff(DEMAND), month).pricer, curve)
    assert found.taken == pytest.approx(0.1)
    (peak,) = found.peaks
    assert (peak.price, peak.floor, peak.width) == pytest.approx((12, 0, 1))


def test_a_ratchet_ties_months_together():
    lines = DEMAND + "ratchet = [{ percent = 80, months_back = 11 }]\n"
    found = prices_of(option(tariff(lines)).pricer, curve_of(50))
    assert [len(peak.after) for peak in found.peaks] == list(range(12))
    assert {share for peak in found.peaks for _, share in peak.after} == {0.8}
