"""What is missing is estimated by the rule for its length, and by nothing where there is no basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.channeldays import ABSENT
from lamplighter.intervals.estimation.estimating import estimate
from lamplighter.intervals.estimation.gaps import Gap, Method, Policy
from lamplighter.intervals.estimation.interpolation import line
from lamplighter.intervals.estimation.scaling import apportion
from lamplighter.intervals.findings import Proposal
from lamplighter.intervals.registers import RegisterDifferences
from lamplighter.intervals.slots import DAY
from lamplighter.intervals.spans import Spans
from lamplighter.kernel.calendars import NERC_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.kernel.energy import ESTIMATED, Quality
from tests.intervals.making import AUTUMN, SPRING, at, block, calendar, days_from, flat, with_slots

JUNE = date(2025, 6, 2)  # a Monday
HOLIDAYS = HolidayCalendar(NERC_HOLIDAYS, Observance.SUNDAY_TO_MONDAY)


def numbers(*values):
    return np.array(values, dtype=np.int64)


def without(given, first, count, row=0):
    return with_slots(given, {(row, slot): None for slot in range(first, first + count)})


def register(total, first=0, end=96):
    return RegisterDifferences(numbers(first), numbers(end), numbers(total), numbers(1))


def outage(*hours, channel=1, day=JUNE):
    begins, ends = zip(*hours, strict=True)
    return Spans(
        numbers(*[channel] * len(hours)), numbers(*(at(day, h) for h in begins)), numbers(*(at(day, h) for h in ends))
    )


def ramp(first=JUNE, days=1, holidays=None):
    """Each slot has the number of its day (from 1) times 1,000, plus its slot in the day."""
    cut = calendar(first, days, holidays=holidays)
    within = np.arange(cut.slots) - cut.firsts[:-1][cut.day_of]
    return block(cut, [(1000 * (cut.day_of + 1) + within).tolist()])


def test_four_intervals_between_75_and_100_are_80_85_90_95():
    """The vector of Itron Enterprise Edition's help on point-to-point interpolation."""
    day = with_slots(flat(calendar(JUNE)), {(0, 10): 75, (0, 15): 100} | {(0, s): None for s in range(11, 15)})
    found = estimate(day)
    assert found.block.values[0, 10:16].tolist() == [75, 80, 85, 90, 95, 100]
    assert found.block.quality[0, 10:16].tolist() == [0, 9, 9, 9, 9, 0]
    assert found.gaps == (Gap(1, JUNE, 11, 4, Method.LINEAR, total=350),)


@pytest.mark.parametrize(
    ("minutes", "method", "code"),
    [
        (90, Method.LINEAR, Quality.ESTIMATED_LINEAR),
        (120, Method.LINEAR, Quality.ESTIMATED_LINEAR),
        (135, Method.LIKE_DAYS, Quality.ESTIMATED_REFERENCE_DAY),
        (150, Method.LIKE_DAYS, Quality.ESTIMATED_REFERENCE_DAY),
    ],
)
def test_a_line_bridges_two_hours_and_no_more(minutes, method, code):
    month = without(flat(calendar(JUNE, 29)), 20 * 96 + 40, minutes // 15)
    found = estimate(month)
    assert [gap.method for gap in found.gaps] == [method]
    assert set(found.block.quality[0, 20 * 96 + 40 : 20 * 96 + 40 + minutes // 15].tolist()) == {code}


def test_how_long_a_line_may_be_is_the_utilitys_choice():
    month = without(flat(calendar(JUNE, 29)), 20 * 96 + 40, 8)
    assert estimate(month, policy=Policy(linear_seconds=3600)).gaps[0].method is Method.LIKE_DAYS


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_interval_touched_by_an_outage_is_no_end_point(side):
    """Missing from 10:00 to 11:00; the power was out for five minutes in the interval before (or after)."""
    day = without(with_slots(flat(calendar(JUNE)), {(0, 39): 10, (0, 44): 50}), 40, 4)
    hours = (9.8, 9.9) if side == "left" else (11.1, 11.2)
    found = estimate(day, outages=outage(hours))
    assert found.gaps == (Gap(1, JUNE, 40, 4, Method.FLAT_LOAD, total=200 if side == "left" else 40),)


def test_an_estimate_is_no_end_point():
    quality = np.full((1, 96), Quality.VALID)
    quality[0, 39] = Quality.ESTIMATED_LINEAR
    values = [None if 40 <= slot < 44 else slot for slot in range(96)]
    assert estimate(block(calendar(JUNE), [values], quality)).block.values[0, 40:44].tolist() == [44] * 4


def test_a_known_outage_is_nought_and_no_estimate():
    day = without(flat(calendar(JUNE)), 40, 20)
    found = estimate(day, outages=outage((10, 15)))
    assert found.block.values[0, 40:60].tolist() == [0] * 20
    assert set(found.block.quality[0, 40:60].tolist()) == {Quality.VALIDATED}
    assert found.gaps == (Gap(1, JUNE, 40, 20, Method.OUTAGE),)


def test_what_is_missing_around_an_outage_is_estimated_from_its_own_side():
    """Missing from 9:30 to 11:30, out from 10:00 to 11:00: half an hour on each side is flat."""
    day = without(with_slots(flat(calendar(JUNE)), {(0, 37): 10, (0, 46): 50}), 38, 8)
    found = estimate(day, outages=outage((10, 11)))
    assert found.block.values[0, 37:47].tolist() == [10, 10, 10, 0, 0, 0, 0, 50, 50, 50]
    assert [gap.method for gap in found.gaps] == [Method.OUTAGE, Method.FLAT_LOAD, Method.FLAT_LOAD]


def test_a_reading_during_an_outage_stays():
    found = estimate(without(flat(calendar(JUNE)), 44, 2), outages=outage((10, 11.5)))
    assert found.block.values[0, 40:46].tolist() == [100] * 4 + [0, 0]


def test_a_long_gap_takes_the_mean_of_the_three_nearest_same_weekdays():
    """Missing Wednesday of the fourth week: those of weeks 2, 3 and 5 are nearest (1, 1 and 2 weeks away)."""
    days = ramp(days=36)
    wednesday = 2 + 21
    first = wednesday * 96
    found = estimate(without(days, first + 40, 12))
    (gap,) = found.gaps
    assert gap.references == tuple(JUNE + timedelta(days=d) for d in (16, 30, 9))
    expected = [(1000 * (17 + 31 + 10) + 3 * slot + 1) // 3 for slot in range(40, 52)]
    assert found.block.values[0, first + 40 : first + 52].tolist() == expected
    assert set(found.block.quality[0, first + 40 : first + 52].tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}


def test_with_too_few_same_weekdays_the_days_of_the_same_type_stand_in():
    found = estimate(without(ramp(days=14), 9 * 96 + 40, 12))
    assert found.gaps[0].references == tuple(JUNE + timedelta(days=d) for d in (8, 10, 7)), "three working days"
    weekend = estimate(without(ramp(days=14), 12 * 96 + 40, 12))
    assert weekend.gaps[0].references == tuple(JUNE + timedelta(days=d) for d in (13, 6, 5)), "Saturdays and Sundays"


def test_a_holiday_is_like_holidays_or_else_like_sundays():
    year = ramp(date(2025, 5, 1), 130, holidays=HOLIDAYS)  # Memorial, Independence and Labor Day
    fourth = year.calendar.slots_of(date(2025, 7, 4))
    found = estimate(without(year, fourth.start + 40, 12))
    assert found.gaps[0].references == (date(2025, 5, 26), date(2025, 9, 1))
    short = ramp(date(2025, 6, 20), 30, holidays=HOLIDAYS)
    fourth = short.calendar.slots_of(date(2025, 7, 4))
    found = estimate(without(short, fourth.start + 40, 12))
    assert found.gaps[0].references == (date(2025, 7, 6), date(2025, 6, 29), date(2025, 7, 13))


def test_a_holiday_does_not_stand_for_its_weekday():
    days = ramp(date(2025, 6, 13), 50, holidays=HOLIDAYS)  # Fridays; the fourth of July is one
    friday = days.calendar.slots_of(date(2025, 7, 11))
    references = estimate(without(days, friday.start + 40, 12)).gaps[0].references
    assert references == (date(2025, 7, 18), date(2025, 6, 27), date(2025, 7, 25))


@pytest.mark.parametrize("spoilt", [Quality.ESTIMATED_LINEAR, Quality.QUESTIONABLE, Quality.RAW, Quality.MISSING])
def test_only_validated_intervals_are_referred_to(spoilt):
    days = ramp(days=36)
    quality = np.full(days.quality.shape, Quality.VALIDATED)
    quality[0, 16 * 96 + 45] = spoilt
    values = without(days, 23 * 96 + 40, 12).values[0].tolist()
    values = [
        None if v == ABSENT or (spoilt is Quality.MISSING and i == 16 * 96 + 45) else v for i, v in enumerate(values)
    ]
    gaps = estimate(block(days.calendar, [values], quality), period=days_from(JUNE + timedelta(days=23), 1)).gaps
    assert gaps[0].references == tuple(JUNE + timedelta(days=d) for d in (30, 9, 2))


def test_a_day_with_an_outage_is_not_referred_to():
    days = without(ramp(days=36), 23 * 96 + 40, 12)
    elsewhere = outage((2, 2.1), day=JUNE + timedelta(days=16))
    assert estimate(days, outages=elsewhere).gaps[0].references[0] == JUNE + timedelta(days=30)


def test_days_whose_clocks_change_are_matched_by_the_clock():
    weeks = ramp(SPRING - timedelta(days=21), 43)  # Sundays: the fourth has no hour from two to three
    later = weeks.calendar.slots_of(SPRING + timedelta(days=7))
    found = estimate(without(weeks, later.start + 4, 12))  # 1:00 to 4:00
    assert SPRING not in found.gaps[0].references
    afternoon = estimate(without(weeks, later.start + 40, 12))
    assert afternoon.gaps[0].references[0] == SPRING
    at_ten = weeks.calendar.slots_of(SPRING).start + 36
    assert weeks.calendar.minutes[at_ten] == 600

    autumn = ramp(AUTUMN - timedelta(days=21), 43)
    day = autumn.calendar.slots_of(AUTUMN)
    twice = estimate(without(autumn, day.start, 100)).block.values[0, day]
    assert twice[4:8].tolist() == twice[8:12].tolist(), "both hours from one are like other days' one"


def test_a_gap_over_several_days_is_estimated_day_by_day():
    month = without(ramp(days=29), 14 * 96 + 90, 96)
    gaps = estimate(month).gaps
    assert [(gap.day, gap.slot, gap.slots) for gap in gaps] == [
        (JUNE + timedelta(days=14), 90, 6), (JUNE + timedelta(days=15), 0, 90)
    ]  # fmt: skip
    assert [reference.weekday() for gap in gaps for reference in gap.references] == [0] * 3 + [1] * 3


def test_a_channel_of_days_is_estimated_from_like_days():
    weeks = calendar(JUNE, 29, seconds=DAY)
    values = [100 + d for d in range(29)]
    values[14] = None
    found = estimate(block(weeks, [values]))
    references = tuple(JUNE + timedelta(days=d) for d in (7, 21, 0))
    assert found.gaps == (Gap(1, JUNE + timedelta(days=14), 0, 1, Method.LIKE_DAYS, references, 109),)


def test_only_the_period_is_estimated_and_the_rest_is_history():
    days = without(without(ramp(days=29), 14 * 96 + 90, 12), 0, 1)
    found = estimate(days, period=days_from(JUNE + timedelta(days=15), 1))
    assert [(gap.day, gap.slot, gap.slots) for gap in found.gaps] == [(JUNE + timedelta(days=15), 0, 6)]
    assert found.gaps[0].method is Method.LIKE_DAYS, "the whole gap is three hours"
    assert found.block.values.shape == (1, 96)


def test_without_any_basis_it_stays_missing_and_says_so():
    found = estimate(without(flat(calendar(JUNE)), 40, 12))
    assert set(found.block.quality[0, 40:52].tolist()) == {Quality.MISSING}
    assert set(found.block.values[0, 40:52].tolist()) == {ABSENT}
    assert [gap.method for gap in found.gaps] == [Method.NONE]
    (finding,) = found.findings
    assert (finding.rule, finding.slot, finding.slots, finding.proposal) == (
        "estimation.no-basis",
        40,
        12,
        Proposal.REVIEW,
    )
    assert not found.changed.any()


def test_estimates_are_scaled_to_the_register_without_losing_a_unit():
    day = with_slots(flat(calendar(JUNE)), {(0, 10): 75, (0, 15): 100} | {(0, s): None for s in range(11, 15)})
    fixed = 90 * 100 + 175
    found = estimate(day, registers=register(fixed + 351))
    assert found.block.values[0, 11:15].tolist() == [80, 85, 90, 96]
    assert found.gaps == (Gap(1, JUNE, 11, 4, Method.LINEAR, total=351, scaled=True),)
    assert found.block.day_totals().tolist() == [[fixed + 351]]


def test_only_what_lies_between_the_reads_is_scaled():
    day = without(without(flat(calendar(JUNE)), 10, 2), 80, 2)
    found = estimate(day, registers=register(46 * 100 + 100, end=48))
    assert found.block.values[0, [10, 11, 80, 81]].tolist() == [50, 50, 100, 100]
    assert [gap.scaled for gap in found.gaps] == [True, False]


def test_only_hours_in_which_a_register_counts_are_scaled_to_it():
    """Slots 10 and 11 are off-peak, 12 and 13 on-peak, where the register of that time leaves 30 for the two."""
    day, peak = without(flat(calendar(JUNE)), 10, 4), np.zeros(96, dtype=np.bool_)
    peak[12:40] = True
    reads = replace(register(26 * 100 + 30), counted=peak)
    found = estimate(day, registers=reads)
    assert found.block.values[0, 10:14].tolist() == [100, 100, 15, 15]


def test_estimates_of_before_are_scaled_when_the_register_is_read():
    quality = np.full((1, 96), Quality.VALID)
    quality[0, :4] = Quality.ESTIMATED_REFERENCE_DAY
    found = estimate(block(calendar(JUNE), [[100] * 96], quality), registers=register(9_200 + 40))
    assert found.block.values[0, :5].tolist() == [10, 10, 10, 10, 100]
    assert found.changed.tolist() == [[True]]


def test_an_outage_takes_no_share_of_the_register():
    day = without(flat(calendar(JUNE)), 40, 8)
    found = estimate(day, outages=outage((10, 11)), registers=register(88 * 100 + 44))
    assert found.block.values[0, 40:48].tolist() == [0, 0, 0, 0, 11, 11, 11, 11]


def test_without_history_the_register_is_spread_evenly_or_by_the_profile():
    day = without(flat(calendar(JUNE)), 40, 12)
    even = estimate(day, registers=register(8_400 + 121))
    assert even.block.values[0, 40:52].tolist() == [11] + [10] * 11
    assert even.gaps == (Gap(1, JUNE, 40, 12, Method.FLAT_REMAINDER, total=121, scaled=True),)
    assert even.findings == ()
    profile = np.zeros(96, dtype=np.int64)
    profile[40:43] = [1, 2, 3]
    shaped = estimate(day, registers=register(8_400 + 120), profile=profile)
    assert shaped.block.values[0, 40:52].tolist() == [20, 40, 60] + [0] * 9
    assert shaped.gaps[0].method is Method.PROFILE
    assert set(shaped.block.quality[0, 40:52].tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}


def test_a_gap_that_runs_beyond_the_reads_stays_missing_beyond_them():
    found = estimate(without(flat(calendar(JUNE)), 40, 12), registers=register(4_000 + 60, end=46))
    assert [(gap.slot, gap.slots, gap.method) for gap in found.gaps] == [
        (40, 6, Method.FLAT_REMAINDER), (46, 6, Method.NONE)
    ]  # fmt: skip
    assert found.block.values[0, 40:46].tolist() == [10] * 6


def test_a_register_that_says_less_than_was_measured_scales_nothing():
    day = without(flat(calendar(JUNE)), 40, 4)
    found = estimate(day, registers=register(9_000))
    assert found.block.values[0, 40:44].tolist() == [100] * 4
    (finding,) = found.findings
    assert finding.rule == "estimation.not-scaled"
    assert finding.message == "Estimates are not scaled: the register leaves -200 for them."


def test_a_register_whose_span_has_other_gaps_scales_nothing():
    days = without(without(flat(calendar(JUNE, 2)), 10, 1), 96 + 40, 4)
    found = estimate(days, period=days_from(JUNE + timedelta(days=1), 1), registers=register(99, end=192))
    assert [finding.rule for finding in found.findings] == ["estimation.not-scaled"]


def test_a_share_too_large_for_32_bits_is_refused():
    found = estimate(without(flat(calendar(JUNE)), 40, 1), registers=register(2**40))
    assert [finding.rule for finding in found.findings] == ["estimation.not-scaled"]


def test_what_validation_rejected_is_estimated_and_what_came_is_kept():
    day = with_slots(flat(calendar(JUNE)), {(0, 40): -900})
    rejected = np.zeros((1, 96), dtype=np.bool_)
    rejected[0, 40] = True
    found = estimate(day, rejected=rejected)
    assert found.block.values[0, 40] == 100
    assert found.block.raw is not None
    assert found.block.raw[0, 40] == -900
    assert day.values[0, 40] == -900, "the block given is not changed"


def test_channels_without_gaps_are_left_alone():
    three = without(flat(calendar(JUNE), channels=3), 40, 4, row=1)
    found = estimate(three)
    assert found.changed.tolist() == [[False], [True], [False]]
    assert len(found.block.channel_days(found.changed)) == 1


@pytest.mark.parametrize(
    ("left", "right", "slots", "expected"),
    [
        (75, 100, 4, [80, 85, 90, 95]), (0, 1, 1, [1]), (0, 3, 2, [1, 2]), (10, 0, 3, [8, 5, 3]), (-3, 3, 1, [0]),
        (7, None, 2, [7, 7]), (None, 9, 2, [9, 9]),
    ],
)  # fmt: skip
def test_a_line_is_drawn_in_whole_numbers(left, right, slots, expected):
    assert line(left, right, slots).tolist() == expected


def test_a_line_needs_a_neighbour():
    assert line(None, None, 3) is None


@given(st.integers(0, 2**45), st.lists(st.integers(0, 2**31), min_size=1, max_size=50))
def test_scaling_is_exact_and_within_a_unit_of_proportion(total, weights):
    shares = apportion(total, np.array(weights)).tolist()
    assert sum(shares) == total
    whole = sum(weights) or len(weights)
    for share, weight in zip(shares, weights if any(weights) else [1] * len(weights), strict=True):
        assert abs(share * whole - total * weight) < whole


cells = st.lists(st.one_of(st.integers(0, 500), st.none(), st.none()), min_size=24, max_size=24)


@given(cells, st.integers(0, 20_000), st.integers(0, 23), st.integers(1, 24))
def test_after_estimation_the_day_is_whole_and_agrees_with_the_register_or_says_why(values, total, first, length):
    day = block(calendar(JUNE, seconds=3600), [values])
    end = min(first + length, 24)
    found = estimate(day, registers=register(total, first, end))
    after, quality = found.block.values[0], found.block.quality[0]
    for slot, before in enumerate(values):
        if before is not None:
            assert after[slot] == before, "what was measured never changes"
        else:
            assert quality[slot] in ESTIMATED or quality[slot] == Quality.MISSING
    inside = slice(first, end)
    rules = {finding.rule for finding in found.findings}
    if None in values[inside] and "estimation.not-scaled" not in rules:
        assert after[inside].sum(dtype=np.int64) == total
    if (quality == Quality.MISSING).any():
        assert "estimation.no-basis" in rules
    assert sum(gap.slots for gap in found.gaps) == values.count(None)
