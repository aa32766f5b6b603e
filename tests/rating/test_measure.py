"""Measuring: the 23-hour and the 25-hour day, windows of demand, gaps, netting, power factor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating import (
    Ask,
    Band,
    CannotMeasure,
    DemandWindow,
    Determinant,
    Interval,
    What,
    load_of,
    load_of_kw,
    measure,
)
from lamplighter.rating.hours import Clock, TouPeriod, Window

PACIFIC = ZoneInfo("America/Los_Angeles")
D = Decimal


def night(start: int, end: int) -> Clock:
    return Clock("hours", (TouPeriod("in", "in", (Window(start * 60, end * 60),)), TouPeriod("out", "out")))


def kwh(clock=None, periods=(), **more):
    return Determinant(What.KWH, clock=clock, periods=periods, **more)


def of_day(load, day, determinant):
    return measure(load, Ask(determinant, Period(day, day + timedelta(days=1))))


def test_the_spring_day_has_23_hours_and_no_2_to_3():
    load = load_of_kw(PACIFIC, date(2026, 3, 8), 60, [D(1)] * 23)
    assert of_day(load, date(2026, 3, 8), kwh()).value == 23
    assert of_day(load, date(2026, 3, 8), kwh(night(2, 3), ("in",))).value == 0
    assert of_day(load, date(2026, 3, 8), kwh()).missing == 0


def test_the_autumn_day_has_25_hours_and_1_to_2_twice():
    load = load_of_kw(PACIFIC, date(2026, 11, 1), 15, [D(4)] * 100)
    assert of_day(load, date(2026, 11, 1), kwh()).value == 100
    assert of_day(load, date(2026, 11, 1), kwh(night(1, 2), ("in",))).value == 8


def test_march_2026_in_california_has_743_hours():
    load = load_of_kw(PACIFIC, date(2026, 3, 1), 60, [D(1)] * 743)
    assert measure(load, Ask(kwh(), Period(date(2026, 3, 1), date(2026, 4, 1)))).value == 743


def test_demand_is_the_mean_of_a_whole_window():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 5, [D(v) for v in (30, 60, 90, 10, 10, 10)] + [D(0)] * 282)
    quarter = Determinant(What.KW, window=DemandWindow(15))
    assert of_day(load, date(2026, 8, 1), quarter).value == 60
    assert of_day(load, date(2026, 8, 1), Determinant(What.KW, window=DemandWindow(30))).value == 35


def test_a_sliding_window_finds_a_peak_that_blocks_cut_in_two():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 15, [D(0), D(80), D(80), *[D(0)] * 93])
    blocks = Determinant(What.KW, window=DemandWindow(30))
    sliding = Determinant(What.KW, window=DemandWindow(30, 15))
    assert of_day(load, date(2026, 8, 1), blocks).value == 40
    assert of_day(load, date(2026, 8, 1), sliding).value == 80


def test_demand_counts_only_windows_inside_its_hours():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(hour) for hour in range(24)])
    inside = Determinant(What.KW, clock=night(7, 11), periods=("in",), window=DemandWindow(60))
    found = of_day(load, date(2026, 8, 1), inside)
    assert found.value == 10
    assert found.at == datetime(2026, 8, 1, 17, tzinfo=UTC)


def test_a_gap_is_counted_and_makes_no_peak():
    start = datetime(2026, 8, 1, 7, tzinfo=UTC)
    quarters = [Interval(start + timedelta(minutes=15 * i), 900, D(1)) for i in range(96) if i not in (40, 41)]
    load = load_of(PACIFIC, {(What.KWH, Flow.DELIVERED): quarters})
    found = of_day(load, date(2026, 8, 1), Determinant(What.KW, window=DemandWindow(60)))
    assert (found.value, found.missing) == (4, 30)


def test_a_reading_across_the_edge_of_a_period_is_refused_by_name():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(1)] * 24)
    half_past = Clock("h", (TouPeriod("in", "in", (Window(510, 960),)), TouPeriod("out", "out")))
    with pytest.raises(CannotMeasure, match=r"crosses the end of out at 8:30"):
        of_day(load, date(2026, 8, 1), kwh(half_past, ("in",)))


def test_a_daily_reading_is_measured_where_one_period_holds_all_day():
    start = datetime(2026, 11, 1, 7, tzinfo=UTC)
    load = load_of(PACIFIC, {(What.KWH, Flow.DELIVERED): [Interval(start, 90_000, D(30))]})
    everyday = Clock("h", (TouPeriod("week", "", (Window(days=frozenset(range(5))),)), TouPeriod("end", "")))
    assert of_day(load, date(2026, 11, 1), kwh(everyday, ("end",))).value == 30
    assert of_day(load, date(2026, 11, 1), kwh(everyday, ("week",))).value == 0


def test_a_coarse_reading_stands_for_a_short_window_and_says_so():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(5)] * 24)
    found = of_day(load, date(2026, 8, 1), Determinant(What.KW, window=DemandWindow(15)))
    assert (found.value, found.coarse) == (5, True)


def test_what_is_sent_back_is_a_channel_of_its_own_and_netting_has_a_window():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 15, [D(4), D(-8), D(4), D(4), *[D(0)] * 92])
    day = date(2026, 8, 1)
    assert of_day(load, day, kwh()).value == 3
    assert of_day(load, day, kwh(flow=Flow.RECEIVED)).value == 2
    assert of_day(load, day, kwh(netting=60)).value == 1
    assert of_day(load, day, kwh(flow=Flow.RECEIVED, netting=60)).value == 0
    assert of_day(load, day, kwh(flow=Flow.NET)).value == 1


def test_a_meter_without_a_second_channel_has_sent_nothing_back():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(1)] * 24)
    assert of_day(load, date(2026, 8, 1), kwh(flow=Flow.RECEIVED)).value == 0


def reactive(kw: Decimal, kvar: Decimal):
    start = datetime(2026, 8, 1, 7, tzinfo=UTC)
    hours = [start + timedelta(hours=i) for i in range(24)]
    return load_of(
        PACIFIC,
        {
            (What.KWH, Flow.DELIVERED): [Interval(at, 3600, kw) for at in hours],
            (What.KVARH, Flow.DELIVERED): [Interval(at, 3600, kvar) for at in hours],
        },
    )


def test_power_factor_and_kva_are_measured_with_kvarh():
    load, day = reactive(D(80), D(60)), date(2026, 8, 1)
    assert of_day(load, day, Determinant(What.POWER_FACTOR)).value == D("0.8")
    assert of_day(load, day, Determinant(What.KVA, window=DemandWindow(60))).value == 100
    assert of_day(load, day, Determinant(What.KVAR, window=DemandWindow(60))).value == 60


def test_a_load_without_kvarh_is_refused_by_name():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(1)] * 24)
    with pytest.raises(CannotMeasure, match="kVArh delivered, which the load does not have"):
        of_day(load, date(2026, 8, 1), Determinant(What.POWER_FACTOR))


def test_daily_demand_adds_up_the_highest_of_each_day():
    load = load_of_kw(PACIFIC, date(2026, 8, 1), 60, [D(3)] * 24 + [D(7)] + [D(1)] * 23)
    daily = Determinant(What.KW, window=DemandWindow(60), daily=True)
    assert measure(load, Ask(daily, Period(date(2026, 8, 1), date(2026, 8, 3)))).value == 10


def test_overlapping_readings_are_refused():
    start = datetime(2026, 8, 1, 7, tzinfo=UTC)
    with pytest.raises(ValueError, match="two readings cover"):
        load_of(PACIFIC, {(What.KWH, Flow.DELIVERED): [Interval(start, 3600, D(1)), Interval(start, 900, D(1))]})


loads = st.lists(st.decimals(min_value=0, max_value=999, places=4), min_size=96, max_size=96)


@given(loads, st.integers(0, 23), st.integers(1, 24))
def test_periods_share_out_every_kilowatt_hour(kw, start, length):
    load, day = load_of_kw(PACIFIC, date(2026, 8, 1), 15, kw), date(2026, 8, 1)
    clock = Clock(
        "h", (TouPeriod("in", "", (Window(start * 60, (start + length) % 24 * 60 or 1440),)), TouPeriod("out", ""))
    )
    parts = [of_day(load, day, kwh(clock, (name,))).value for name in clock.names]
    assert sum(parts) == of_day(load, day, kwh()).value == sum(kw) / 4


@given(loads, st.lists(st.integers(1, 20_000), min_size=1, max_size=4, unique=True))
def test_bands_of_the_running_total_share_out_every_kilowatt_hour(kw, edges):
    load, day = load_of_kw(PACIFIC, date(2026, 8, 1), 15, kw), date(2026, 8, 1)
    limits = [D(0), *map(D, sorted(edges)), None]
    parts = [of_day(load, day, kwh(band=Band(low, high))).value for low, high in pairwise(limits)]
    assert sum(parts) == of_day(load, day, kwh()).value


@given(loads)
def test_a_longer_window_never_finds_a_higher_peak(kw):
    load, day = load_of_kw(PACIFIC, date(2026, 8, 1), 15, kw), date(2026, 8, 1)
    peaks = [of_day(load, day, Determinant(What.KW, window=DemandWindow(m))).value for m in (15, 30, 60)]
    assert peaks == sorted(peaks, reverse=True)
    assert peaks[0] == max(kw)
