"""A scenario answered: bills, the rate that the load would be on, peak and capacity, carbon and payback."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.advice.answering import Question, answer
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import scenario_of
from lamplighter.advice.surroundings import builtin
from lamplighter.kernel.money import Money
from lamplighter.rating.availability import Availability
from tests.advice.making import DEMAND, FLAT, asked, curve_of, option
from tests.rating.writing import tariff

SMALL = replace(tariff(FLAT, code="SMALL"), available=Availability(kw_below=Decimal(50)))
LARGE = tariff(DEMAND, code="LARGE")


def test_the_bills_are_those_of_the_engine_on_the_load_now_and_then():
    curve = curve_of(np.where(np.arange(8760) % 24 < 12, 100, 60))
    found = asked(curve, [{"kind": "efficiency", "kw": 10}], option(LARGE), option(tariff(FLAT), current=False))
    less = curve.with_kw(curve.kw_net() - 10)
    for rate, tried in zip(found.rates, (LARGE, tariff(FLAT)), strict=True):
        pricer = option(tried).pricer
        assert (rate.now.total, rate.then.total) == (pricer.price(curve).total, pricer.price(less).total)
    assert found.kwh_now - found.kwh_then == 87_600
    assert found.on.saving == Money.exactly("8760.00") + Money.exactly("1440.00"), "0.1 $/kWh and 12 $/kW a month"


def test_ovens_that_cross_fifty_kilowatts_leave_their_rate():
    curve = curve_of(np.where(np.arange(8760) % 24 < 12, 45, 20))
    found = asked(curve, [{"kind": "induction", "therms": 4000}], option(SMALL), option(LARGE, current=False))
    assert found.moved
    assert found.on.code == "LARGE"
    assert found.rates[0].closed == ""
    assert found.rates[0].closed_then.startswith("It is for less than 50 kW; the highest of twelve months was")
    assert found.payback.bills == found.rates[0].now.total - found.on.then.total


def test_where_no_rate_is_open_the_present_one_is_told_with_its_reason():
    found = asked(curve_of(45), [{"kind": "induction"}], option(SMALL))
    assert found.on.current
    assert found.on.closed_then


def test_power_sent_back_is_refused_by_a_rate_that_has_no_word_for_it():
    with pytest.raises(CannotAdvise, match="sends energy back, which T says nothing about"):
        asked(curve_of(1), [{"kind": "solar", "dc_kw": 50}])


def test_capacity_is_compared_with_the_highest_interval():
    curve = curve_of(100)
    question = Question(
        curve, [option(tariff(FLAT))], scenario_of([{"kind": "induction"}]), builtin(), 12, capacity_kw=Decimal(101)
    )
    assert answer(question).peaks.over
    assert not answer(replace(question, capacity_kw=Decimal(200))).peaks.over
    assert not answer(replace(question, capacity_kw=None)).peaks.over


def test_carbon_counts_power_by_the_hour_and_fuel():
    found = asked(curve_of(100), [{"kind": "heat_pump", "therms": 2000}])
    assert found.tonnes.now == pytest.approx(876 * 0.3662)
    assert found.tonnes.then == pytest.approx(float(found.kwh_then) * 0.3662 / 1000)
    assert found.tonnes.fuel == pytest.approx(10.6)
    assert found.tonnes.less == pytest.approx(10.6 - (found.tonnes.then - found.tonnes.now))


def test_payback_is_cost_less_rebates_over_what_it_brings_in_a_year():
    curve = curve_of(100)
    question = Question(
        curve, [option(tariff(FLAT))], scenario_of([{"kind": "efficiency", "kw": 10, "cost": 20_000}]), builtin(), 12,
        rebates=Money(500_000),
    )  # fmt: skip
    found = answer(question).payback
    assert found.yearly == Money.exactly("17520.00")
    assert found.years == pytest.approx(15_000 / 17_520)
    assert (found.soonest, found.latest) == pytest.approx((9_000 / 17_520, 25_000 / 17_520))


def test_what_brings_nothing_never_pays_back():
    found = asked(curve_of(100), [{"kind": "induction", "gas_price": 0}]).payback
    assert found.yearly.cents < 0
    assert (found.years, found.soonest, found.latest) == (None, None, None)


def test_less_than_a_year_tells_no_payback():
    from datetime import date

    from lamplighter.kernel.periods import Period

    found = asked(curve_of(100, Period(date(2025, 1, 1), date(2025, 5, 1))), [{"kind": "efficiency"}])
    assert found.bills == 4
    assert found.payback is None
