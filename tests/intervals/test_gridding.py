"""Readings are laid on local days, and nothing is lost on the way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.intervals.channeldays import ABSENT
from lamplighter.intervals.faults import Fault, findings_of
from lamplighter.intervals.gridding import Readings, grid, readings_of
from lamplighter.intervals.slots import DAY, ordinal
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Severity
from tests.intervals.making import AUTUMN, PACIFIC, QUARTER, SPRING, at

JUNE = date(2025, 6, 2)


def readings(*given, channel=7):
    """`(start, seconds, count)` or `(start, seconds, count, quality)` each."""
    columns = list(zip(*((*reading, Quality.VALID)[:4] for reading in given), strict=True))
    starts, seconds, counts, quality = (np.array(column, dtype=np.int64) for column in columns)
    return readings_of(channel, starts=starts, seconds=seconds, counts=counts, quality=quality.astype(np.uint8))


def quarters(day, count, channel=7):
    return readings_of(channel, starts=at(day) + QUARTER * np.arange(count), counts=np.arange(count), seconds=QUARTER)


def codes(gridded, given):
    return [finding.rule for finding in findings_of(given, gridded, zone=PACIFIC)]


@pytest.mark.parametrize(("day", "slots"), [(JUNE, 96), (SPRING, 92), (AUTUMN, 100)])
def test_a_whole_day_of_quarter_hours_is_one_channel_day(day, slots):
    days = grid(quarters(day, slots), seconds=QUARTER, zone=PACIFIC).days
    assert days.channels.tolist() == [7]
    assert days.days.tolist() == [ordinal(day)]
    assert days.values.tolist() == list(range(slots))


def test_the_ninety_seventh_quarter_of_an_ordinary_day_belongs_to_the_next():
    days = grid(quarters(JUNE, 97), seconds=QUARTER, zone=PACIFIC).days
    assert days.days.tolist() == [ordinal(JUNE), ordinal(JUNE) + 1]


def test_what_is_not_read_is_missing_and_never_zero():
    given = readings((at(JUNE, 1), QUARTER, 0))
    days = grid(given, seconds=QUARTER, zone=PACIFIC).days
    assert days.values[4] == 0
    assert np.count_nonzero(days.quality == Quality.MISSING) == 95
    assert set(days.values[days.quality == Quality.MISSING].tolist()) == {ABSENT}


def test_a_reading_that_says_it_is_missing_is_not_one():
    given = readings((at(JUNE), QUARTER, 0, Quality.MISSING), (at(JUNE, 1), QUARTER, 5))
    gridded = grid(given, seconds=QUARTER, zone=PACIFIC)
    assert gridded.days.quality[0] == Quality.MISSING
    assert codes(gridded, given) == []


def test_two_hours_of_an_hourly_channel_are_split_without_losing_a_unit():
    given = readings((at(AUTUMN, 1), 7200, 2001))
    gridded = grid(given, seconds=3600, zone=PACIFIC)
    assert gridded.days.values[1:3].tolist() == [1001, 1000]
    assert gridded.days.quality[1:3].tolist() == [Quality.DERIVED, Quality.DERIVED]
    (finding,) = findings_of(given, gridded, zone=PACIFIC)
    assert (finding.rule, finding.severity, finding.slot, finding.slots) == ("gridding.split", Severity.INFO, 1, 2)


def test_a_split_of_received_energy_keeps_its_sign():
    gridded = grid(readings((at(JUNE), 2700, -100)), seconds=QUARTER, zone=PACIFIC)
    assert gridded.days.values[:3].tolist() == [-33, -33, -34]


@pytest.mark.parametrize(("day", "seconds"), [(JUNE, 86_400), (SPRING, 82_800), (AUTUMN, 90_000)])
def test_a_channel_of_days_takes_each_day_at_its_length(day, seconds):
    gridded = grid(readings((at(day), seconds, 31)), seconds=DAY, zone=PACIFIC)
    assert gridded.days.values.tolist() == [31]
    assert gridded.faults.tolist() == [Fault.NONE]


def test_a_day_of_24_hours_does_not_fit_a_day_of_25():
    given = readings((at(AUTUMN), 86_400, 31))
    assert codes(grid(given, seconds=DAY, zone=PACIFIC), given) == ["gridding.duration"]


def test_two_days_in_one_reading_of_a_channel_of_days_are_split():
    gridded = grid(readings((at(SPRING), 82_800 + 86_400, 11)), seconds=DAY, zone=PACIFIC)
    assert gridded.days.values.tolist() == [6, 5]


@pytest.mark.parametrize(
    ("start", "seconds", "count", "code"),
    [
        (at(JUNE) + 60, QUARTER, 1, "gridding.misaligned"),
        (at(JUNE), 1000, 1, "gridding.duration"),
        (at(JUNE), 300, 1, "gridding.duration"),
        (at(JUNE), 0, 1, "gridding.duration"),
        (at(JUNE), -QUARTER, 1, "gridding.duration"),
        (at(JUNE), 26 * 3600, 1, "gridding.duration"),
        (at(JUNE), QUARTER, 2**31, "gridding.too-large"),
        (at(JUNE), QUARTER, -(2**31), "gridding.too-large"),
        (at(JUNE), 1800, 2**32, "gridding.too-large"),
        (0, QUARTER, 1, "gridding.instant"),
        (2**62, QUARTER, 1, "gridding.instant"),
    ],
)  # fmt: skip
def test_a_reading_that_does_not_fit_is_kept_out_and_the_rest_goes_on(start, seconds, count, code):
    given = readings((start, seconds, count), (at(JUNE, 5), QUARTER, 8))
    gridded = grid(given, seconds=QUARTER, zone=PACIFIC)
    assert codes(gridded, given) == [code]
    assert gridded.kept_out.tolist() == [0]
    assert gridded.days.values[gridded.days.quality == Quality.VALID].tolist() == [8]


def test_an_identical_reading_is_dropped_and_counted():
    given = readings((at(JUNE), QUARTER, 5), (at(JUNE, 1), QUARTER, 6), (at(JUNE), QUARTER, 5))
    gridded = grid(given, seconds=QUARTER, zone=PACIFIC)
    assert gridded.duplicates == 1
    assert codes(gridded, given) == []
    assert gridded.days.values[[0, 4]].tolist() == [5, 6]


def test_of_identical_readings_the_quality_last_given_counts():
    given = readings((at(JUNE), QUARTER, 5, Quality.RAW), (at(JUNE), QUARTER, 5, Quality.VALIDATED))
    assert grid(given, seconds=QUARTER, zone=PACIFIC).days.quality[0] == Quality.VALIDATED


def test_different_readings_of_one_time_wait_for_a_person_and_the_rest_goes_on():
    given = readings((at(JUNE), QUARTER, 5), (at(JUNE, 1), QUARTER, 6), (at(JUNE), QUARTER, 9))
    gridded = grid(given, seconds=QUARTER, zone=PACIFIC)
    assert gridded.kept_out.tolist() == [0, 2]
    assert gridded.days.quality[0] == Quality.MISSING
    assert gridded.days.values[4] == 6
    (finding,) = findings_of(given, gridded, zone=PACIFIC)
    assert finding.rule == "gridding.conflict"
    assert finding.finding().message == (
        "2 readings claiming the same time with different values:"
        " the first from 2025-06-02 00:00:00 PDT for 900 s with 5."
    )


def test_a_long_reading_over_a_short_one_is_a_conflict_of_both():
    given = readings((at(JUNE), 3600, 40), (at(JUNE, 0.5), QUARTER, 9), (at(JUNE, 1), QUARTER, 3))
    gridded = grid(given, seconds=QUARTER, zone=PACIFIC)
    assert gridded.kept_out.tolist() == [0, 1]
    assert np.flatnonzero(gridded.days.quality != Quality.MISSING).tolist() == [4]


def test_many_channels_are_gridded_at_once():
    one, two = quarters(JUNE, 96, channel=9), quarters(JUNE, 4, channel=3)
    both = Readings(
        *(
            np.concatenate((getattr(one, name), getattr(two, name)))
            for name in ("channels", "starts", "seconds", "counts", "quality")
        )
    )
    days = grid(both, seconds=QUARTER, zone=PACIFIC).days
    assert days.channels.tolist() == [3, 9]
    assert days.values[days.offsets[1] :].tolist() == list(range(96))


def test_no_readings_make_no_days():
    nothing = readings_of(1, starts=np.empty(0, np.int64), counts=np.empty(0, np.int64), seconds=QUARTER)
    assert len(grid(nothing, seconds=QUARTER, zone=PACIFIC).days) == 0


messy = st.tuples(
    st.integers(1, 3),
    st.one_of(st.integers(-4, 200).map(lambda k: at(SPRING) + k * QUARTER), st.integers(0, 5_000_000_000)),
    st.sampled_from([900, 900, 900, 1800, 3600, 1000, 86_400, 0]),
    st.one_of(st.integers(-50, 50), st.integers(-(2**40), 2**40)),
    st.sampled_from([Quality.VALID, Quality.RAW, Quality.ESTIMATED_LINEAR, Quality.MISSING]),
)


@settings(max_examples=300)
@given(st.lists(messy, min_size=1, max_size=40), st.sampled_from([QUARTER, 3600, DAY]))
def test_what_came_in_is_on_the_grid_or_kept_out_or_was_there_twice(rows, seconds):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    given = Readings(*columns[:4], columns[4].astype(np.uint8))
    gridded = grid(given, seconds=seconds, zone=PACIFIC)
    present = gridded.days.quality != Quality.MISSING
    real = given.counts[given.quality != Quality.MISSING].sum()
    twice = given.counts[gridded.faults == Fault.DUPLICATE].sum()
    assert gridded.days.values[present].sum(dtype=np.int64) + given.counts[gridded.kept_out].sum() + twice == real
    told = findings_of(given, gridded, zone=PACIFIC)
    waiting = sum(int(finding.message.split()[0]) for finding in told if finding.severity is Severity.ERROR)
    assert waiting == len(gridded.kept_out)
    assert set(gridded.days.values[~present].tolist()) <= {ABSENT}
