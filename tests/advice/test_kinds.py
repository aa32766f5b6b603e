"""Each measure as a model of load: the energy that it should take, at the hours at which it should, or a refusal."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.changing import changed
from lamplighter.advice.kinds import KINDS
from lamplighter.advice.scenario import scenario_of
from lamplighter.advice.surroundings import builtin
from lamplighter.kernel.periods import Period
from tests.advice.making import YEAR, curve_of


def effect(curve, kind, **values):
    (done,) = changed(curve, scenario_of([{"kind": kind, **values}]).measures, builtin())[1]
    return done.effect


def kwh(curve, found):
    return float(found.kw.sum()) * curve.hours


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.model is not None], ids=lambda kind: kind.name
)
def test_every_measure_stands_on_its_assumptions_alone(kind):
    curve = curve_of(np.where(np.arange(35040) % 96 == 41, 400, 250), seconds=900, kvar=200)
    found = effect(curve, kind.name)
    assert found.kw.shape == (curve.calendar.slots,)
    assert found.kw.any() or found.kvar is not None
    assert all(one.source for one in kind.assumptions), "an assumption says where it comes from"
    assert all(one.least <= one.value <= one.most for one in kind.assumptions)


def test_a_managed_fleet_takes_the_same_energy_as_one_that_charges_at_once_at_a_lower_peak():
    curve = curve_of(np.where(np.arange(8760) % 24 < 20, 100, 40))
    managed, at_once = (effect(curve, "ev_fleet", managed=managed, days=7) for managed in (1, 0))
    nights = curve.calendar.days - 1  # of the last evening the morning is not told
    assert kwh(curve, managed) == pytest.approx(nights * 10 * 40 * 0.3 / 0.88)
    assert kwh(curve, at_once) == pytest.approx(kwh(curve, managed))
    load = curve.kw()
    assert (load + managed.kw).max() < (load + at_once.kw).max() == pytest.approx(172)
    assert managed.fuel[0].amount == pytest.approx(nights * 400 / 26 / 365 * 365.25)


def test_chargers_that_cannot_give_the_energy_are_refused_by_name():
    with pytest.raises(CannotAdvise, match="the day's driving takes 1,364 kWh") as refused:
        effect(curve_of(50), "ev_fleet", vehicles=50, miles_a_day=80, chargers=2)
    assert refused.value.field == "chargers"


def test_public_chargers_serve_no_more_cars_than_ports():
    curve = curve_of(10, seconds=900)
    found = effect(curve, "public_charging", ports=1, port_kw=50, sessions_a_day=40, kwh_a_session=25)
    assert found.kw.max() == pytest.approx(50)
    assert "find no free port" in found.cannot


def test_a_ferry_takes_its_power_only_while_it_lies_at_the_dock():
    curve = curve_of(28, seconds=900)
    direct, buffered = (effect(curve, "ferry_dock", calls=17, from_buffer=share) for share in (0, 80))
    assert kwh(curve, direct) == pytest.approx(365 * 17 * 1500 * 9 / 60)
    assert kwh(curve, buffered) == pytest.approx(kwh(curve, direct), rel=1e-6)
    assert direct.kw.max() == pytest.approx(900), "nine of fifteen minutes"
    assert buffered.kw.max() < 400


def test_a_heat_pump_moves_heat_at_the_efficiency_of_the_weather():
    curve = curve_of(30)
    found = effect(curve, "heat_pump", therms=2000)
    heat = 2000 * 29.3001 * 0.8 * 365 / 365.25
    assert heat / 3.3 / 1.3 < kwh(curve, found) < heat / 2.25
    january, july = (
        curve.calendar.slots_within(Period(date(2025, month, 1), date(2025, month, 31))) for month in (1, 7)
    )
    assert found.kw[january].sum() > 5 * found.kw[july].sum()
    assert found.fuel[0].kg == pytest.approx(2000 * 5.3)


def test_hot_water_is_heated_in_the_hours_allowed():
    curve = curve_of(30)
    found = effect(curve, "water_heater", gallons=100, from_at=22, to_at=6)
    assert set(curve.calendar.minutes[found.kw > 0] // 60) <= {22, 23, 0, 1, 2, 3, 4, 5}
    a_day = 100 * 8.34 * 70 / 3412.14 / 3
    assert kwh(curve, found) == pytest.approx(364 * a_day)


def test_induction_gives_pots_the_heat_that_gas_gave_them():
    curve = curve_of(30)
    found = effect(curve, "induction", therms=1000)
    assert kwh(curve, found) == pytest.approx(1000 * 29.3001 * 32 / 85 * 365 / 365.25)


def test_staggered_starts_move_energy_and_lose_none():
    kw = np.full(8760, 140.0)
    kw[10::168] = 400
    curve = curve_of(kw)
    found = effect(curve, "stagger", level_kw=300, within=120)
    assert (kw + found.kw).max() == pytest.approx(300)
    assert found.kw.sum() == pytest.approx(0, abs=1e-6)
    assert effect(curve, "stagger", level_kw=141, within=60).cannot == (
        "Not all fits within 60 minutes: 399 kW stays the highest."
    )


def test_a_store_gives_back_more_than_it_saved_by_what_it_loses():
    curve = curve_of(200)
    found = effect(curve, "thermal_storage", kw=50, kwh=1000, lost=20)
    dear = (curve.calendar.minutes // 60 >= 16) & (curve.calendar.minutes // 60 < 21)
    saved, filled = -found.kw[dear].sum(), found.kw[~dear].sum()
    assert saved == pytest.approx(365 * 250)
    assert filled == pytest.approx(saved / 0.8)


def test_nothing_saves_more_than_is_used():
    curve = curve_of(np.where(np.arange(8760) % 24 < 6, 3, 50))
    found = effect(curve, "efficiency", kw=10)
    assert (curve.kw() + found.kw).min() >= -1e-9
    assert "less than 10 kW is used" in found.cannot


def test_demand_response_cuts_on_the_highest_days_and_part_comes_back():
    kw = np.full(8760, 300.0)
    kw[24 * 200 + 17] = 500
    curve = curve_of(kw)
    found = effect(curve, "demand_response", kw=100, events=1, rebound=50)
    cut = np.flatnonzero(found.kw < 0)
    assert set(cut // 24) <= {199, 200}, "summer time shifts the slot, not the day"
    assert len(cut) == 4
    assert found.kw.sum() == pytest.approx(-200)
    assert found.earned == 5000


def test_capacitors_need_a_meter_that_counts_reactive_energy():
    with pytest.raises(CannotAdvise, match="does not count kVArh"):
        effect(curve_of(100), "capacitor")
    curve = curve_of(100, kvar=60)
    after, _ = changed(curve, scenario_of([{"kind": "capacitor", "kvar": 40}]).measures, builtin())
    assert after.kvar().sum() == pytest.approx(curve.kvar().sum() / 3)


def test_missing_readings_are_never_taken_for_nothing():
    curve = curve_of(10, YEAR)
    gone = np.arange(curve.calendar.slots) != 4000
    from dataclasses import replace

    with pytest.raises(CannotAdvise, match="1 readings are missing"):
        changed(replace(curve, present=gone), scenario_of([{"kind": "efficiency"}]).measures, builtin())
