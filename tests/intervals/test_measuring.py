"""Determinants by columns equal those that a slow and simple program finds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.intervals.channeldays import LARGEST
from lamplighter.intervals.demand import peaks
from lamplighter.intervals.measuring import sums
from lamplighter.intervals.slots import DAY
from lamplighter.kernel.energy import ESTIMATED, Quality
from tests.intervals.making import AUTUMN, QUARTER, SPRING, at, block, calendar, flat, with_slots

JUNE = date(2025, 6, 2)
EVERY = np.zeros(96, dtype=np.int8)


def test_energy_is_summed_by_period_and_the_clock_of_the_day():
    autumn = flat(calendar(AUTUMN), 10)
    night = np.where(autumn.calendar.minutes < 6 * 60, 0, 1)
    found = sums(autumn, night)
    assert found.totals.tolist() == [[7 * 40, 18 * 40]], "the night of the 25-hour day has seven hours"
    assert found.coverage.expected.tolist() == [28, 72]


def test_a_missing_interval_is_counted_and_adds_nothing():
    found = sums(with_slots(flat(calendar(JUNE), 10), {(0, 3): None, (0, 4): None}), EVERY)
    assert found.totals.tolist() == [[940]]
    assert found.coverage.missing.tolist() == [[2]]
    assert found.coverage.present.tolist() == [[94]]
    assert found.coverage.complete.tolist() == [[False]]


def test_the_estimated_share_is_told():
    quality = np.zeros((1, 96), dtype=np.uint8)
    quality[0, :4] = Quality.ESTIMATED_LINEAR
    found = sums(block(calendar(JUNE), [[10] * 96], quality), EVERY)
    assert found.coverage.estimated.tolist() == [[4]]
    assert (found.estimated.tolist(), found.totals.tolist()) == ([[40]], [[960]])


def test_slots_in_no_period_count_nowhere():
    codes = np.full(96, -1)
    codes[:4] = 1
    found = sums(flat(calendar(JUNE), 10), codes, count=3)
    assert found.totals.tolist() == [[0, 40, 0]]


def test_masks_may_overlap():
    masks = np.zeros((3, 96), dtype=np.bool_)
    masks[0] = True
    masks[1, :8] = True
    masks[2, 4:12] = True
    assert sums(flat(calendar(JUNE), 10), masks).totals.tolist() == [[960, 80, 80]]


def test_the_largest_values_of_a_year_do_not_overflow():
    year = calendar(date(2025, 1, 1), 365)
    assert sums(flat(year, LARGEST), np.zeros(year.slots, dtype=np.int8)).totals.tolist() == [[LARGEST * year.slots]]


def test_demand_is_the_energy_of_the_window_by_the_hour():
    day = with_slots(flat(calendar(JUNE), 10), {(0, 70): 25})
    quarter = peaks(day, EVERY, minutes=15)
    assert (quarter.amounts.tolist(), quarter.rates.tolist()) == ([[25]], [[100]])
    assert quarter.starts.tolist() == [[at(JUNE, 17.5)]]
    half, hour = peaks(day, EVERY, minutes=30), peaks(day, EVERY, minutes=60)
    assert (half.rates.tolist(), hour.rates.tolist()) == ([[70]], [[55]])


def test_windows_lie_side_by_side_from_midnight_unless_they_slide():
    day = with_slots(flat(calendar(JUNE), 10), {(0, 3): 50, (0, 4): 50})
    assert peaks(day, EVERY, minutes=30).amounts.tolist() == [[60]]
    sliding = peaks(day, EVERY, minutes=30, sliding=True)
    assert (sliding.amounts.tolist(), sliding.starts.tolist()) == ([[100]], [[at(JUNE, 0.75)]])


def test_a_window_is_eligible_only_as_a_whole():
    day = with_slots(flat(calendar(JUNE), 10), {(0, 19): 99})
    codes = np.full(96, -1)
    codes[19:40] = 0
    assert peaks(day, codes, minutes=60).amounts.tolist() == [[40]]
    assert peaks(day, codes, minutes=15).amounts.tolist() == [[99]]


def test_a_gap_neither_makes_nor_silently_hides_a_peak():
    day = with_slots(flat(calendar(JUNE), 10), {(0, 40): 999, (0, 41): None})
    found = peaks(day, EVERY, minutes=60)
    assert found.amounts.tolist() == [[40]]
    assert (found.windows.tolist(), found.whole.tolist()) == ([24], [[23]])


def test_without_a_whole_window_there_is_no_peak():
    found = peaks(
        with_slots(flat(calendar(JUNE), 10), {(0, slot): None for slot in range(0, 96, 4)}), EVERY, minutes=60
    )
    assert (found.found.tolist(), found.amounts.tolist()) == ([[False]], [[0]])


def test_a_peak_from_an_estimate_says_so():
    quality = np.zeros((1, 96), dtype=np.uint8)
    quality[0, 50] = Quality.ESTIMATED_LINEAR
    values = [10] * 96
    values[50] = 40
    day = block(calendar(JUNE), [values], quality)
    assert peaks(day, EVERY, minutes=15).estimated.tolist() == [[True]]
    measured = peaks(day, EVERY, minutes=15, measured_only=True)
    assert (measured.estimated.tolist(), measured.amounts.tolist()) == ([[False]], [[10]])


@pytest.mark.parametrize(("seconds", "minutes"), [(3600, 15), (900, 5), (DAY, 60), (900, 45)])
def test_demand_that_the_intervals_cannot_tell_is_refused(seconds, minutes):
    day = flat(calendar(JUNE, seconds=seconds))
    with pytest.raises(ValueError, match="minutes"):
        peaks(day, np.zeros(day.calendar.slots, dtype=np.int8), minutes=minutes)


def test_days_of_23_and_25_hours_have_whole_windows():
    for day, windows in ((SPRING, 23), (AUTUMN, 25)):
        cut = calendar(day)
        assert peaks(flat(cut), np.zeros(cut.slots, dtype=np.int8), minutes=60).windows.tolist() == [windows]


qualities = st.sampled_from([Quality.VALID, Quality.VALID, Quality.ESTIMATED_LINEAR, Quality.PROJECTED, Quality.EDITED])
slot = st.one_of(st.none(), st.tuples(st.integers(-LARGEST, LARGEST), qualities))
hours = st.lists(slot, min_size=25, max_size=25)
four_hours = np.arange(25) // 4


@settings(max_examples=150)
@given(
    st.lists(hours, min_size=1, max_size=3),
    st.lists(st.integers(-1, 2), min_size=25, max_size=25),
    st.booleans(),
    st.sampled_from([30, 60]),
    st.booleans(),
)
def test_determinants_equal_a_slow_model(rows, codes, sliding, minutes, measured_only):
    cut = calendar(AUTUMN, seconds=3600 if minutes == 60 else 1800)
    rows = [row * 2 for row in rows] if minutes == 30 else rows
    codes = np.repeat(codes, cut.slots // 25)
    given_block = block(
        cut,
        [[None if s is None else s[0] for s in row] for row in rows],
        [[0 if s is None else s[1] for s in row] for row in rows],
    )
    found, best = (
        sums(given_block, codes, count=3),
        peaks(given_block, codes, minutes=minutes, count=3, sliding=sliding, measured_only=measured_only),
    )
    for c, row in enumerate(rows):
        for k in range(3):
            inside = [s for s, code in zip(row, codes, strict=True) if code == k]
            assert found.totals[c, k] == sum(s[0] for s in inside if s)
            assert found.estimated[c, k] == sum(s[0] for s in inside if s and s[1] in ESTIMATED)
            assert found.coverage.missing[c, k] == inside.count(None)
            usable = [
                (s[0], -i) for i, (s, code) in enumerate(zip(row, codes, strict=True))
                if code == k and s and not (measured_only and s[1] in ESTIMATED)
            ]  # fmt: skip
            assert best.found[c, k] == bool(usable)
            if usable:
                amount, at_slot = max(usable)
                assert (best.amounts[c, k], best.starts[c, k]) == (amount, cut.starts[-at_slot])
                assert best.estimated[c, k] == (row[-at_slot][1] in ESTIMATED)


@settings(max_examples=100)
@given(
    st.lists(st.one_of(st.none(), st.integers(-9, 9)), min_size=100, max_size=100),
    st.lists(st.sampled_from([0, 0, 0, 1, -1]), min_size=100, max_size=100),
    st.sampled_from([15, 30, 60]),
    st.booleans(),
)
def test_windows_of_many_slots_equal_a_slow_model(values, codes, minutes, sliding):
    width = minutes * 60 // QUARTER
    best = peaks(block(calendar(AUTUMN), [values]), np.array(codes), minutes=minutes, count=2, sliding=sliding)
    for k in (0, 1):
        starts = [
            i for i in range(0, 100 - width + 1, 1 if sliding else width) if set(codes[i : i + width]) == {k}
        ]  # fmt: skip
        whole = [i for i in starts if None not in values[i : i + width]]
        assert (best.windows[k], best.whole[0, k]) == (len(starts), len(whole))
        assert best.found[0, k] == bool(whole)
        if whole:
            highest = max(sum(values[i : i + width]) for i in whole)
            assert best.amounts[0, k] == highest
            first = next(i for i in whole if sum(values[i : i + width]) == highest)
            assert best.starts[0, k] == calendar(AUTUMN).starts[first]
