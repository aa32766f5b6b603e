"""A load curve is measured by columns as the plain way measures it, and what a what-if changes is priced anew."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.measuring import CurveMeter, load_of_curve
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import AS_METERED, Ask, DemandWindow, Determinant, What
from lamplighter.rating.hours import Clock, TouPeriod, Window
from lamplighter.rating.measure import measure
from lamplighter.rating.refusals import CannotMeasure

ZONE = ZoneInfo("America/Los_Angeles")
TURN = Period(date(2026, 10, 30), date(2026, 11, 4))  # the clocks go back on 1 November
PEAK = Clock("tou", (TouPeriod("on", "On peak", (Window(16 * 60, 21 * 60),)), TouPeriod("off", "Off peak")))
EVERY = [
    Determinant(What.KWH),
    Determinant(What.KWH, Flow.RECEIVED),
    Determinant(What.KWH, Flow.NET),
    Determinant(What.KWH, clock=PEAK, periods=("on",)),
    Determinant(What.KVARH),
    Determinant(What.KW, window=DemandWindow(15)),
    Determinant(What.KW, window=DemandWindow(60)),
    Determinant(What.KW, window=AS_METERED),
    Determinant(What.KW, window=DemandWindow(30), clock=PEAK, periods=("on",)),
    Determinant(What.KW, window=DemandWindow(15), daily=True),
    Determinant(What.KW, window=DemandWindow(15), daily=True, clock=PEAK, periods=("on",)),
    Determinant(What.KW, window=DemandWindow(30, 15)),
    Determinant(What.POWER_FACTOR),
]


def curve(seed=3, period=TURN, seconds=900):
    calendar = slot_calendar(period, seconds=seconds, zone=ZONE)
    random = np.random.default_rng(seed)
    everywhere = np.ones(calendar.slots, dtype=np.bool_)
    return LoadCurve(
        calendar, Decimal("0.04"), random.integers(0, 900, calendar.slots), random.integers(0, 200, calendar.slots),
        everywhere, ~everywhere, random.integers(0, 500, calendar.slots),
    )  # fmt: skip


@pytest.mark.parametrize("asked", EVERY, ids=str)
@pytest.mark.parametrize("part", [TURN, Period(date(2026, 10, 31), date(2026, 11, 2))], ids=str)
def test_columns_and_the_plain_way_agree(asked, part):
    mine, ask = curve(), Ask(asked, part)
    assert CurveMeter(mine)(ask) == measure(load_of_curve(mine), ask).value


def test_what_is_missing_is_not_measured():
    whole = curve()
    present = whole.present.copy()
    present[5] = False
    gappy = LoadCurve(whole.calendar, whole.unit, np.where(present, whole.delivered, 0),
                      np.where(present, whole.received, 0), present, whole.estimated)  # fmt: skip
    with pytest.raises(CannotMeasure, match="1 readings of"):
        CurveMeter(gappy)(Ask(EVERY[0], TURN))
    assert CurveMeter(gappy)(Ask(EVERY[0], Period(date(2026, 11, 1), date(2026, 11, 4)))) > 0


def test_another_power_is_kept_to_the_nearest_count_and_what_is_sent_back_is_its_own():
    mine = curve()
    net = mine.kw_net()
    again = mine.with_kw(net)
    assert (again.delivered - again.received == mine.delivered - mine.received).all()
    assert not (again.delivered * again.received).any()


def test_some_days_of_a_curve():
    part = curve().within(Period(date(2026, 11, 1), date(2026, 11, 2)))
    assert part.calendar.slots == 100
    assert (part.delivered == curve().delivered[192:292]).all()
