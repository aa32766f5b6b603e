"""What follows from a channel's readings."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from lamplighter.formats.meterdata import ReadKind, exact_sum
from lamplighter.kernel.energy import Measure, Quality, Unit
from tests.formats.samples import channel, epoch

MISSING = Quality.MISSING


def spans(spells):
    return [(f"{spell.start:%m-%d %H:%M}", spell.seconds) for spell in spells]


def test_a_total_is_in_the_plain_unit_and_exact():
    energy = channel([1, 2, 3], measure=Measure(Unit.WH, 3))
    assert energy.total == Decimal(6000)
    assert energy.total_wh == Decimal(6000)
    water = channel([15, 5], measure=Measure(Unit.CUBIC_FOOT, -1))
    assert water.total == Decimal("2.0")
    assert water.total_wh is None


def test_watts_are_not_added_up():
    assert channel([100, 200], measure=Measure(Unit.W)).total is None


def test_a_register_has_used_the_difference_of_its_first_and_last_read():
    assert channel([2_931_567, 2_932_046], kind=ReadKind.REGISTER).total == 479


def test_a_sum_does_not_wrap_around():
    assert exact_sum(np.array([2**62] * 4 + [-5], np.int64)) == 2**64 - 5


def test_what_is_missing_is_a_gap_and_not_a_reading():
    day = channel([1, 0, 0, 4], quality=[0, MISSING, MISSING, 0])
    assert (day.readings, day.missing, day.total) == (2, 2, 5)
    assert spans(day.gaps()) == [("01-01 01:00", 7200)]


def test_a_gap_at_the_edge_is_one_too():
    day = channel([0, 1, 0], quality=[MISSING, 0, MISSING])
    assert spans(day.gaps()) == [("01-01 00:00", 3600), ("01-01 02:00", 3600)]
    assert spans(channel([0, 0], quality=[MISSING, MISSING]).gaps()) == [("01-01 00:00", 7200)]


def test_a_gap_lies_between_the_end_of_one_reading_and_the_beginning_of_the_next():
    holes = channel(starts=[0, 3600, 10_800])
    assert spans(holes.gaps()) == [("01-01 02:00", 3600)]


def test_a_long_reading_in_autumn_is_irregular_and_covers_both_hours():
    long = channel([1, 2, 3], starts=[0, 3600, 10_800], seconds=[3600, 7200, 3600])
    assert spans(long.irregular_durations()) == [("01-01 01:00", 7200)]
    assert long.gaps() == ()
    assert long.overlaps() == ()


def test_days_of_23_and_25_hours_are_irregular():
    days = channel([1, 1, 1], interval=86_400, starts=[0, 86_400, 169_200], seconds=[86_400, 82_800, 90_000])
    assert [spell.seconds for spell in days.irregular_durations()] == [82_800, 90_000]


def test_readings_that_run_at_the_same_time_overlap_for_as_long_as_both_run():
    both = channel([1, 2, 3], starts=[0, 1800, 1800])
    assert spans(both.overlaps()) == [("01-01 00:30", 1800), ("01-01 00:30", 3600)]
    assert spans(both.duplicates()) == [("01-01 00:30", 3600)]


def test_where_no_interval_is_named_the_usual_one_is_nominal():
    odd = channel([1, 2, 3], starts=[0, 900, 1800], seconds=[900, 900, 3600], interval=0)
    assert odd.nominal_seconds == 900
    assert len(odd.irregular_durations()) == 1


def test_it_runs_from_the_beginning_of_the_first_to_the_end_of_the_last():
    day = channel(start="2025-01-01T08:00Z")
    assert day.first.timestamp() == epoch("2025-01-01T08:00Z")
    assert day.last.timestamp() == epoch("2025-01-01T11:00Z")


def test_registers_have_neither_gaps_nor_durations():
    register = channel([1, 5], kind=ReadKind.REGISTER)
    assert register.gaps() == register.irregular_durations() == register.overlaps() == ()
