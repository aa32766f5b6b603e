"""Methods of estimation scored on what is known: hidden, guessed, compared; the best is used for that channel."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.intervals.estimation.estimating import estimate
from lamplighter.intervals.estimation.gaps import Choice, Method, Policy, by_rule, choice_named
from lamplighter.intervals.estimation.scoring import CHOICES, HOURS, Score, best_of, scores
from tests.intervals.making import block, calendar, days_from, with_slots

MONDAY = date(2025, 6, 2)
HOUR = 3600
WEEKS = calendar(MONDAY, 63, seconds=HOUR)


def weekly(level=1000):
    """The same every week, and different from hour to hour: a line is wrong, a like day is right."""
    week = np.arange(168)
    return np.resize(level + 700 * ((week % 24) == 18) + 13 * (week // 24) + 400 * (week % 2), WEEKS.slots)


def drifting():
    """A little more every hour, whatever the day: a line is right."""
    return 1000 + 3 * np.arange(WEEKS.slots)


def best(rows):
    return {(one.channel, one.hours): one for one in scores(block(WEEKS, rows)) if one.best}


def test_the_habits_of_a_channel_choose_its_method():
    found = best([weekly().tolist(), drifting().tolist()])
    assert {found[1, hours].choice.line for hours in HOURS} == {False}
    assert {found[1, hours].error for hours in HOURS} == {0}
    assert {found[2, hours].choice for hours in HOURS} == {Choice(line=True)}
    assert {found[2, hours].band for hours in HOURS} == {0}


def by_the_weather():
    """°F of each day, without any order, and a load that cools: 20 Wh an hour for each degree over 60."""
    degrees = 60 + np.random.default_rng(7).permutation(np.repeat(np.arange(21), 3))
    told = {day: float(mean) for day, mean in zip(WEEKS.period, degrees, strict=True)}
    shape = 1 + (np.arange(24) % 24 > 11)
    return told, (400 + 20 * np.outer(degrees - 60, shape)).ravel()


def test_where_a_load_goes_by_the_weather_proxy_days_are_best():
    degrees, load = by_the_weather()
    proxy = Choice(3, proxy=True)
    found = {one.hours: one for one in scores(block(WEEKS, [load.tolist()]), degrees=degrees) if one.best}
    assert {found[hours].choice for hours in (24, 72)} == {proxy}
    assert max(found[hours].error for hours in (24, 72)) < 5
    assert proxy not in {one.choice for one in scores(block(WEEKS, [load.tolist()]))}, "nobody knows the weather"


def test_a_proxy_day_is_the_nearest_in_temperature_of_the_same_kind():
    """Tuesday of 70 °F: of working days, those of 70 and 71 before the one of 74; 76 is too far away; Saturday of 70
    and a day that no station told are none."""
    week = calendar(MONDAY, 14, seconds=HOUR)
    told = [74, 70, 76, 71, 90, 70, 70, 70, 55, 40, 40, 40, 40, 40]
    degrees = {day: float(mean) for day, mean in zip(week.period, told, strict=True)}
    day = np.repeat(np.arange(14) + 1, 24)
    given = with_slots(block(week, [(100 * day).tolist()]), {(0, slot): None for slot in range(24, 48)})
    policy = Policy(chosen={1: ((96 * HOUR, Choice(3, proxy=True)),)}, degrees=degrees)
    (gap,) = estimate(given, period=days_from(date(2025, 6, 3), 1), policy=policy).gaps
    assert [one.day for one in gap.references] == [9, 5, 2]
    del degrees[date(2025, 6, 9)]
    (gap,) = estimate(given, period=days_from(date(2025, 6, 3), 1), policy=policy).gaps
    assert [one.day for one in gap.references] == [5, 2]
    degrees.clear()
    (gap,) = estimate(given, period=days_from(date(2025, 6, 3), 1), policy=policy).gaps
    assert gap.method is Method.LIKE_DAYS, "without weather it is like days"
    assert len(gap.references) == 3


@pytest.mark.parametrize(("line", "kept"), [(9.1, True), (9.0, True), (8.9, False)])
def test_the_rule_keeps_its_own_way_unless_another_is_clearly_better(line, kept):
    rule = by_rule(24 * HOUR)
    found = [Score(1, 24, rule, 16, 10.0, 12.0), Score(1, 24, Choice(line=True), 16, line, 12.0)]
    assert (best_of(found, 24) == rule) is kept


def test_what_is_estimated_missing_or_out_is_neither_hidden_nor_referred_to():
    known = block(WEEKS, [weekly().tolist()])
    spoilt = with_slots(known, {(0, slot): None for slot in range(10, WEEKS.slots, 30)})
    assert {one.hours for one in scores(spoilt)} == {2, 6, 24}, "no gap of three days is known throughout"
    holding = np.ones((1, WEEKS.slots), dtype=np.bool_)
    assert list(scores(known, holding=holding)) == []


def test_the_same_readings_are_scored_alike_and_few_are_not_scored():
    rows = [weekly().tolist()]
    assert list(scores(block(WEEKS, rows))) == list(scores(block(WEEKS, rows)))
    short = calendar(MONDAY, 1, seconds=HOUR)
    assert {one.hours for one in scores(block(short, [[5] * 24]))} <= {2, 6}


def test_a_gap_is_filled_in_the_way_that_was_best_for_it():
    gap = {(0, slot): None for slot in range(700, 702)}
    given = with_slots(block(WEEKS, [weekly().tolist()]), gap)
    period = days_from(date(2025, 7, 1), 2)
    by_line = estimate(given, period=period)
    assert by_line.gaps[0].method is Method.LINEAR
    chosen = Policy(chosen={1: ((2 * HOUR, Choice(1)),)})
    by_day = estimate(given, period=period, policy=chosen)
    assert (by_day.gaps[0].method, len(by_day.gaps[0].references)) == (Method.LIKE_DAYS, 1)
    assert by_day.gaps[0].total == int(weekly()[700:702].sum())


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_is_read_back_from_its_name(choice):
    assert choice_named(str(choice)) == choice


def turning():
    """A line is right for the earlier half; in the later, all is used in one hour of the day."""
    slots = np.arange(WEEKS.slots)
    return np.where(slots < WEEKS.slots // 2, drifting(), 100 + 20_000 * (slots % 24 == 18))


def test_a_way_is_chosen_on_the_earlier_half_and_measured_on_the_later():
    """What was best on the gaps that chose it is not what is told: here it fails on those that did not."""
    later = [one for one in scores(block(WEEKS, [turning().tolist()])) if one.hours == 24]
    found = next(one for one in later if one.best)
    assert found.choice == Choice(line=True), "no error at all before, whatever came after"
    assert found.error > 80
    assert min(one.error for one in later) < 40, "another would have been better there"
    assert {one.trials for one in later} == {16}
