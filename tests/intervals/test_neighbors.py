"""A peak against the days before, and use against that of the others of a class: what all do is the weather."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.vee.rules import HighLow, Neighbors, PeakChange
from lamplighter.intervals.vee.subject import History, Subject
from lamplighter.intervals.vee.trends import trend_of
from tests.intervals.judging import JUNE, WH, found, numbers
from tests.intervals.making import block, calendar, flat, with_slots


def history(previous_totals, days=7, **known):
    totals = np.array(previous_totals, dtype=np.int64)
    nothing = np.zeros_like(totals)
    return History(nothing, nothing, totals, np.full_like(totals, days), **known)


@pytest.mark.parametrize(("highest", "fires"), [(450, False), (451, True)])
def test_a_peak_against_the_days_before(highest, fires):
    """150 Wh before bears 450 at 200 % over it."""
    day = with_slots(flat(calendar(JUNE, 1)), {(0, 40): highest})
    before = history([9600 * 7], previous_peaks=numbers(150))
    expected = [(1, JUNE, 40, 1, 451, 450)] if fires else []
    assert found(day, PeakChange(percent=200), history=before) == expected
    assert found(day, PeakChange(percent=200, floor=Decimal(2_000)), history=before) == [], "451 Wh are 1,804 W"
    assert found(day, PeakChange(percent=200), history=history([9600 * 7])) == [], "nothing is known of before"


def class_of(*daily, before=10_000):
    """Channels with so many Wh on one day, all of which used 10,000 a day before."""
    cut = calendar(JUNE, 1)
    given = block(cut, [[wh // 96] * 96 for wh in daily])
    classes = np.array(["residential"] * len(daily))
    then = history([before * 7] * len(daily))
    trend, others = trend_of(Subject(given, WH).use, (then.previous_totals, then.previous_days), classes)
    return given, history([before * 7] * len(daily), trend=trend, others=others), classes


def test_what_all_do_is_the_weather_and_what_one_does_is_a_finding():
    """Everybody uses 28,800 instead of 10,000: nobody is found. Who then uses 9,600 is: 40 % of 28,800 is 11,520."""
    given, before, classes = class_of(*[28_800] * 21)
    assert found(given, Neighbors(), history=before, classes=classes) == []
    given, before, classes = class_of(*[28_800] * 21, 9_600)
    assert found(given, Neighbors(), history=before, classes=classes) == [(22, JUNE, 0, 96, 9_600, 11_520)]
    assert found(given, HighLow(), history=before, classes=classes) == [], "its own history alone says nothing"


def test_with_few_others_nobody_is_compared():
    given, before, classes = class_of(*[28_800] * 19, 9_600)
    assert found(given, Neighbors(), history=before, classes=classes) == []
    assert len(found(given, Neighbors(others=19), history=before, classes=classes)) == 1


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 9), st.sampled_from("ab")), min_size=1, max_size=30))
def test_the_trend_is_the_median_of_the_others(rows):
    """The same as leaving each one out by hand; channels with no day before have no say."""
    now, days, classes = (np.array(column) for column in zip(*rows, strict=True))
    before = np.full(len(rows), 1000, dtype=np.int64)
    trend, others = trend_of((now, np.minimum(days, 1)), (before, np.ones_like(before)), classes)
    for place in range(len(rows)):
        rest = [
            int(now[at]) for at in range(len(rows)) if at != place and days[at] > 0 and classes[at] == classes[place]
        ]
        assert others[place] == len(rest)
        assert trend[place] == (int(np.median(rest)) if rest else 0)


def test_a_channel_does_not_bend_the_trend_that_it_is_held_against():
    _, then, _ = class_of(19_200, 19_200, 96_000)
    assert then.trend is not None
    assert then.trend.tolist() == [5760, 5760, 1920], "the median of the two others"


def test_what_stops_a_whole_class_is_an_outage_and_no_measure_for_who_had_power():
    """Most of a class used nothing all day, or twenty times as much: that is no weather."""
    for many in (0, 960, 200_000):
        given, before, classes = class_of(*[many] * 21, 9_600)
        assert before.others is not None
        assert before.others.min() >= 20, "there are enough to compare with"
        assert found(given, Neighbors(), history=before, classes=classes) == []


def test_who_came_some_days_ago_has_no_peak_and_no_use_of_before():
    """Six whole days of an empty flat, then somebody moves in: both rules wait for a week."""
    day = with_slots(flat(calendar(JUNE, 1)), {(0, 40): 5_000})
    for days, fires in ((6, False), (7, True)):
        before = history([960 * days], days=days, previous_peaks=numbers(10))
        assert bool(found(day, PeakChange(), history=before)) is fires
        many, then, classes = class_of(*[10_000] * 21, 96_000)
        then = replace(then, previous_totals=then.previous_totals // 7 * days, previous_days=np.full(22, days))
        assert bool(found(many, Neighbors(), history=then, classes=classes)) is fires
