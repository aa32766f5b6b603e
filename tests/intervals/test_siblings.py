"""Channels of one meter held against each other: each rule fires on what it is for, and on nothing beside it."""

from __future__ import annotations

import numpy as np
import pytest

from lamplighter.intervals.vee.siblings import Family, Side, odd_ones
from tests.intervals.judging import JUNE
from tests.intervals.making import AUTUMN, SPRING, calendar

HOURS = 3600


def family(first=JUNE, days=1, step=0.001, **sides):
    cut = calendar(first, days, seconds=HOURS)
    known = {
        Side(name): np.broadcast_to(np.asarray(values, np.float64), (cut.slots,)) for name, values in sides.items()
    }
    return Family(cut, known, dict.fromkeys(known, step))


def rules(*args, **kwargs):
    return [(odd.rule, str(odd.side), odd.first, odd.end) for odd in odd_ones(family(*args, **kwargs))]


def with_nan(days, *which):
    """Ones, but nothing on some days of 24 hours."""
    values = np.ones(24 * days)
    for day in which:
        values[24 * day : 24 * day + 24] = np.nan
    return values


@pytest.mark.parametrize(("apparent", "fires"), [(5.0, False), (4.76, False), (4.74, True)])
def test_the_power_triangle(apparent, fires):
    """3 kWh and 4 kVARh are 5 kVAh at least: 5 % less than that, 4.75, and two steps of a Wh are borne."""
    expected = [("siblings.triangle", "apparent", 0, 24)] if fires else []
    assert rules(delivered=3, reactive=4, apparent=apparent) == expected


def test_without_reactive_energy_apparent_is_held_against_real_alone():
    assert rules(delivered=3, apparent=3) == []
    assert rules(delivered=3, apparent=2) == [("siblings.triangle", "apparent", 0, 24)]


def test_what_was_sent_back_went_through_the_meter_as_well():
    noon = np.where(np.arange(24) == 12, 3.0, 0.0)
    assert rules(delivered=1 - noon / 3, received=noon, apparent=np.maximum(noon, 1)) == []
    assert rules(delivered=1 - noon / 3, received=noon, apparent=1) == [("siblings.triangle", "apparent", 12, 13)]


def test_coarse_counts_are_given_two_steps():
    assert rules(step=0.5, delivered=1, apparent=0.2) == []


def test_a_channel_that_stays_away_is_found_for_its_days_and_one_that_has_a_gap_is_not():
    assert rules(days=4, delivered=1, received=with_nan(4, 1, 2)) == [("siblings.missing", "received", 24, 72)]
    gap = with_nan(4)
    gap[30:50] = np.nan
    assert rules(days=4, delivered=1, received=gap) == [], "a gap within a day is the rule of missing readings"
    assert rules(days=2, delivered=with_nan(2, 0, 1), received=with_nan(2, 0, 1)) == [], "nothing came of the meter"


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_whose_clocks_change_is_whole_with_its_own_hours(day, hours):
    assert rules(day, delivered=1, received=np.full(hours, np.nan)) == [("siblings.missing", "received", 0, hours)]


@pytest.mark.parametrize(("hours", "fires"), [(23, False), (24, True)])
def test_reactive_energy_alone(hours, fires):
    alone = np.where(np.arange(48) < hours, 0.0, 1.0)
    expected = [("siblings.reactive", "reactive", 0, hours)] if fires else []
    assert rules(days=2, delivered=alone, reactive=0.4) == expected


def test_channels_of_a_roof_that_were_exchanged():
    """By day the sun sends back, by night the house takes; exchanged it is the other way around, for three nights."""
    sun = np.tile(np.where((np.arange(24) > 8) & (np.arange(24) < 17), 3.0, 0.0), 3)
    house = np.where(sun > 0, 0.0, 0.5)
    assert rules(days=3, delivered=house, received=sun) == []
    assert rules(days=3, delivered=sun, received=house) == [("siblings.swapped", "received", 0, 72)]
    assert rules(days=2, delivered=sun[:48], received=house[:48]) == [], "two nights are a battery's whim"
