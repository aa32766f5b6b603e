"""Each rule of validation fires on what it is for, and on nothing beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.findings import Proposal
from lamplighter.intervals.registers import NO_READS, RegisterDifferences, differences, unit_in
from lamplighter.intervals.slots import DAY
from lamplighter.intervals.spans import Spans, covered, touched
from lamplighter.intervals.vee.groups import ESTIMATION, INITIAL_LOAD, MANUAL_OVERRIDE, SHIPPED, Group, Role, Step
from lamplighter.intervals.vee.hits import has_run, runs
from lamplighter.intervals.vee.rules import (
    FlatRun,
    HighLow,
    InactiveUse,
    Missing,
    Negative,
    ProlongedEstimation,
    RepeatedDay,
    Spike,
    SumCheck,
    ZeroRun,
)
from lamplighter.intervals.vee.setup import Setup, mismatches
from lamplighter.intervals.vee.subject import History, Subject
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.kernel.energy import Flow, Measure, Quality, Unit
from lamplighter.kernel.findings import Severity
from tests.intervals.judging import JUNE, WH, found, numbers
from tests.intervals.making import AUTUMN, SPRING, at, block, calendar, flat, with_slots


def wavy(days=1, first=JUNE, channels=1):
    """A curve without spikes, flat runs or repeated days."""
    cut = calendar(first, days)
    return block(cut, [[100 + (7 * i + i // 96) % 50 for i in range(cut.slots)]] * channels)


def test_a_gap_is_one_finding():
    day = with_slots(wavy(), {(0, slot): None for slot in (5, 6, 7, 50)})
    assert found(day, Missing()) == [(1, JUNE, 5, 3, 3, 0), (1, JUNE, 50, 1, 1, 0)]


@pytest.mark.parametrize(("day", "slots"), [(SPRING, 92), (AUTUMN, 100)])
def test_a_day_whose_clocks_change_is_whole_with_its_own_slots(day, slots):
    assert found(wavy(1, day), Missing()) == []
    nothing = with_slots(wavy(1, day), {(0, slot): None for slot in range(slots)})
    assert found(nothing, Missing()) == [(1, day, 0, slots, slots, 0)]


def test_what_is_out_or_unserved_is_not_missing():
    day = with_slots(wavy(channels=2), {(0, 5): None, (1, 6): None})
    served = np.ones((2, 96), dtype=np.bool_)
    served[0, 5] = False
    outage = ~served[[1, 0]]
    outage[1, 6] = True
    assert found(day, Missing(), served=served, outage=outage) == []


def test_less_than_nothing_is_found_by_its_sum():
    day = with_slots(wavy(), {(0, 10): -5, (0, 11): -6})
    assert found(day, Negative()) == [(1, JUNE, 10, 2, -11, 0)]


def test_a_net_channel_may_be_negative():
    day = with_slots(wavy(), {(0, 10): -5})
    rules = [f.rule for f in validate(Subject(day, WH, flow=Flow.NET), INITIAL_LOAD).findings]
    assert rules == []


def test_a_spike_is_measured_against_the_third_highest():
    """P3 is 150: (P1 - 150) / 150 is 1.8 at 420, which is still borne."""
    base = with_slots(flat(calendar(JUNE), 100), {(0, 20): 150, (0, 30): 150})
    assert found(with_slots(base, {(0, 60): 420}), Spike()) == []
    assert found(with_slots(base, {(0, 60): 421}), Spike()) == [(1, JUNE, 60, 1, 421, 420)]


def test_two_spikes_in_a_day_are_both_found_and_three_are_a_shape():
    base = flat(calendar(JUNE), 100)
    two = {(0, 60): 421, (0, 70): 500}
    assert [f[2] for f in found(with_slots(base, two), Spike())] == [60, 70]
    assert found(with_slots(base, two | {(0, 80): 450}), Spike()) == []


def test_without_a_third_highest_there_is_no_spike():
    lone = with_slots(flat(calendar(JUNE), 0), {(0, 60): 900})
    assert found(lone, Spike()) == [], "P3 is zero"
    nearly_empty = with_slots(wavy(), {(0, slot): None for slot in range(94)})
    assert found(with_slots(nearly_empty, {(0, 95): 9000}), Spike()) == [], "P3 is missing"


def test_with_the_third_highest_missing_the_next_takes_its_place():
    day = with_slots(flat(calendar(JUNE), 100), {(0, 60): 800, (0, 61): 790, (0, 62): None})
    assert [f[2] for f in found(day, Spike())] == [60, 61]


def test_a_spike_under_the_floor_is_let_go():
    day = with_slots(flat(calendar(JUNE), 100), {(0, 60): 999})
    assert found(day, Spike(floor=Decimal(4_000))) == [], "999 Wh in a quarter hour is just under 4 kW"
    assert len(found(with_slots(day, {(0, 60): 1001}), Spike(floor=Decimal(4_000)))) == 1
    assert found(day, Spike(floor=Decimal(4_000)), measure=Measure(Unit.WH, 3)) != [], "in kWh it is 3,996 kW"


def test_spikes_are_sought_day_by_day_across_a_change_of_clocks():
    three = with_slots(flat(calendar(date(2025, 11, 1), 3), 100), {(0, 3): 900, (0, 96 + 99): 900, (0, 291): 900})
    assert [(f[1].day, f[2]) for f in found(three, Spike())] == [(1, 3), (2, 99), (3, 95)]


def test_twelve_equal_values_are_a_flat_run_and_eleven_are_not():
    day = with_slots(wavy(), {(0, slot): 77 for slot in range(10, 22)})
    assert found(day, FlatRun(12)) == [(1, JUNE, 10, 12, 12, 12)]
    assert found(with_slots(day, {(0, 21): 78}), FlatRun(12)) == []


def test_zeros_and_gaps_and_estimates_are_no_flat_run():
    assert found(flat(calendar(JUNE), 0), FlatRun(12)) == []
    assert found(with_slots(flat(calendar(JUNE)), {(0, s): None for s in range(96)}), FlatRun(12)) == []
    assert found(block(calendar(JUNE), [[5] * 96], Quality.ESTIMATED_LINEAR), FlatRun(12)) == []


def test_a_day_that_repeats_the_one_before_is_found():
    day = [100 + (7 * i) % 50 for i in range(96)]
    three = block(calendar(JUNE, 3), [day + day + [1 + v for v in day]])
    assert found(three, RepeatedDay()) == [(1, date(2025, 6, 3), 0, 96, sum(day), 0)]
    assert found(flat(calendar(JUNE, 3)), RepeatedDay()) == [], "flat days are another rule's"


def test_seven_days_of_nothing_send_somebody_to_the_meter():
    week = flat(calendar(JUNE, 8), 0)
    assert found(with_slots(week, {(0, 0): 1}), ZeroRun(7)) == [(1, date(2025, 6, 3), 0, 7 * 96, 7, 7)]
    assert found(with_slots(week, {(0, 96): 1}), ZeroRun(7)) == []
    assert found(with_slots(week, {(0, 96): None}), ZeroRun(7)) == [], "a missing interval is not a zero"


def test_nothing_during_an_outage_is_expected():
    week = flat(calendar(JUNE, 7), 0)
    outage = touched(week, Spans(numbers(1), numbers(at(JUNE, 30)), numbers(at(JUNE, 31))))
    assert found(week, ZeroRun(7), outage=outage) == []
    assert len(found(week, ZeroRun(7))) == 1


def test_use_where_nobody_is_served_goes_to_revenue_protection():
    days = flat(calendar(JUNE, 2), 10)
    served = np.ones((1, 192), dtype=np.bool_)
    served[0, 96:] = False
    assert found(days, InactiveUse(), served=served) == [(1, date(2025, 6, 3), 0, 96, 960, 0)]
    before = History(numbers(0), numbers(0), numbers(96_000 * 30), numbers(30))
    assert found(days, InactiveUse(1), served=served, history=before) == [], "1 % of 96,000 Wh a day is noise"


@pytest.mark.parametrize(
    ("daily", "expected"),
    [(9_600, []), (2_400, []), (2_304, [(2_304, 2_500)]), (28_800, []), (31_200, [(31_200, 30_000)])],
)
def test_average_use_is_held_against_history(daily, expected):
    days = flat(calendar(JUNE, 3), daily // 96)
    history = History(numbers(0), numbers(0), numbers(10_000 * 30), numbers(30))
    if daily == 2_400:
        history = History(numbers(9_600 * 10), numbers(10), numbers(10_000 * 30), numbers(30))
    assert [f[4:] for f in found(days, HighLow(), history=history)] == expected


def test_history_is_the_use_of_earlier_blocks():
    year_before = with_slots(flat(calendar(JUNE, 3), 100), {(0, 0): None})
    totals, days = Subject(year_before, WH).use
    assert (totals.tolist(), days.tolist()) == ([19_200], [2]), "the day with a gap is no measure"
    history = History(totals, days, numbers(0), numbers(0))
    assert found(flat(calendar(JUNE, 3), 300), HighLow(), history=history) == []
    assert len(found(flat(calendar(JUNE, 3), 301), HighLow(), history=history)) == 1


def test_use_that_agrees_with_either_history_is_let_go():
    days = flat(calendar(JUNE, 3), 100)
    both = History(numbers(9_000 * 30), numbers(30), numbers(900 * 30), numbers(30))
    assert found(days, HighLow(), history=both) == []
    neither = History(numbers(3_000 * 30), numbers(30), numbers(900 * 30), numbers(30))
    assert [f[4:] for f in found(days, HighLow(), history=neither)] == [(9_600, 9_000)]


def test_high_and_low_need_history_whole_days_and_more_than_the_floor():
    low = flat(calendar(JUNE, 2), 1)
    history = History(numbers(0), numbers(0), numbers(900 * 30), numbers(30))
    assert len(found(low, HighLow(), history=history)) == 1
    assert found(low, HighLow(floor=Decimal(1_000)), history=history) == []
    assert found(low, HighLow(days=3), history=history) == []
    assert found(low, HighLow(), history=History(*(numbers(0) for _ in range(4)))) == []
    assert found(low, HighLow()) == []


def test_the_sum_of_intervals_is_held_against_the_register():
    """96 x 100 Wh; one register unit is 40 Wh, 0.5 % of 9,600 is 48 Wh."""
    day = flat(calendar(JUNE))
    for total, fires in ((9_600, False), (9_648, False), (9_649, True), (9_553, False), (9_552, True)):
        registers = RegisterDifferences(numbers(0), numbers(96), numbers(total), numbers(40))
        assert bool(found(day, SumCheck(), registers=registers)) is fires, total


def test_a_register_of_five_dials_rolls_over():
    registers = differences(
        opening=numbers(99_995), closing=numbers(4), dials=numbers(5), units=numbers(1_000), firsts=numbers(0),
        ends=numbers(96),
    )  # fmt: skip
    assert registers.totals.tolist() == [9_000]
    assert found(flat(calendar(JUNE)), SumCheck(), registers=registers) == [], "9,600 Wh is within one kWh of nine"
    assert found(flat(calendar(JUNE), 120), SumCheck(), registers=registers) == [(1, JUNE, 0, 96, 11_520, 9_000)]


def test_a_sum_with_a_gap_between_the_reads_is_not_checked():
    day = with_slots(flat(calendar(JUNE), 500), {(0, 50): None})
    whole = RegisterDifferences(numbers(0), numbers(96), numbers(1), numbers(1))
    before = RegisterDifferences(numbers(0), numbers(50), numbers(1), numbers(1))
    none = RegisterDifferences(numbers(NO_READS), numbers(NO_READS), numbers(0), numbers(1))
    assert found(day, SumCheck(), registers=whole) == []
    assert found(day, SumCheck(), registers=none) == []
    assert [f[2:4] for f in found(day, SumCheck(), registers=before)] == [(0, 50)]


def test_a_register_unit_in_counts_takes_the_multiplier():
    assert unit_in(WH, register=Measure(Unit.WH, 3), multiplier=Decimal(40)) == 40_000
    with pytest.raises(ValueError, match="not a whole number"):
        unit_in(Measure(Unit.WH, 3), register=Measure(Unit.WH, 2))
    with pytest.raises(ValueError, match="cannot check a channel of Wh"):
        unit_in(WH, register=Measure(Unit.CUBIC_FOOT))


def test_estimates_for_too_long_send_somebody_to_the_meter():
    days = calendar(JUNE, 5)
    quality = np.full((1, days.slots), Quality.ESTIMATED_REFERENCE_DAY)
    quality[0, :96] = Quality.VALID
    assert found(block(days, [[5] * days.slots], quality), ProlongedEstimation(4)) == [
        (1, date(2025, 6, 3), 0, 4 * 96, 4, 4)
    ]
    assert found(block(days, [[5] * days.slots], quality), ProlongedEstimation(5)) == []


def test_a_delivery_in_another_unit_interval_or_multiplier_is_kept_out():
    configured = Setup(WH, 900, Decimal(40))
    assert mismatches(1, JUNE, configured=configured, supplied=configured) == ()
    three = mismatches(1, JUNE, configured=configured, supplied=Setup(Measure(Unit.WH, 3), 3600, Decimal(1)))
    assert [f.rule for f in three] == ["vee.unit", "vee.interval-size", "vee.multiplier"]
    assert three[0].message == "The data come with the unit kWh; the channel is set up with Wh."
    assert {f.severity for f in three} == {Severity.ERROR}


def test_an_error_stops_the_channel_and_no_other():
    two = with_slots(wavy(channels=2), {(0, 10): -5, (0, 60): 9000, (1, 60): 9000})
    validation = validate(Subject(two, WH), INITIAL_LOAD)
    assert [(f.channel, f.rule) for f in validation.findings] == [(1, "vee.negative"), (2, "vee.spike")]
    assert validation.stopped.tolist() == [True, False]


def test_thresholds_differ_by_class():
    two = with_slots(wavy(channels=2), {(r, s): 77 for r in (0, 1) for s in range(12)})
    group = Group(
        Role.INITIAL_LOAD,
        (
            Step(FlatRun(12), classes=frozenset({"residential"})),
            Step(FlatRun(48), classes=frozenset({"industrial"})),
        ),
    )
    validation = validate(Subject(two, WH, classes=np.array(["industrial", "residential"])), group)
    assert [f.channel for f in validation.findings] == [2]


def test_a_finding_is_said_so_that_it_can_be_read_aloud():
    day = with_slots(wavy(), {(0, 60): 9000, (0, 5): None})
    validation = validate(Subject(day, WH), INITIAL_LOAD)
    assert [f.message for f in validation.findings] == [
        "1 interval is missing from 2025-06-02 01:15.",
        "The interval from 2025-06-02 15:00 has 9,000 Wh; the day's third-highest bears 417 Wh.",
    ]
    spike = validation.findings[1].finding()
    assert (spike.code, spike.remedy) == ("vee.spike", "Look at the curve; verify or edit it.")


def test_what_passed_is_validated_and_what_is_in_question_is_questionable():
    day = with_slots(wavy(channels=2), {(0, 60): 9000, (0, 5): None, (1, 7): -1})
    validation = validate(Subject(day, WH), INITIAL_LOAD)
    after = judged(day, validation)
    assert after.quality[0, 60] == Quality.QUESTIONABLE
    assert after.quality[0, 5] == Quality.MISSING
    assert np.count_nonzero(after.quality[0] == Quality.VALIDATED) == 94
    assert after.quality[1, 7] == Quality.QUESTIONABLE
    assert np.count_nonzero(after.quality[1] == Quality.VALID) == 95, "a stopped channel is not accepted"
    assert np.argwhere(validation.rejected).tolist() == [[0, 5], [1, 7]]


def test_a_slot_that_a_person_has_verified_is_not_questioned_again():
    day = with_slots(wavy(), {(0, 60): 9000})
    quality = np.full((1, 96), Quality.VALID)
    quality[0, 60] = Quality.VERIFIED
    assert found(block(day.calendar, day.values, quality), Spike()) == []


def test_every_shipped_group_runs_on_every_flow_and_unit_and_on_days():
    for group in SHIPPED.values():
        for flow in Flow:
            for unit in (Unit.WH, Unit.CUBIC_FOOT):
                for seconds in (900, 3600, DAY):
                    cut = calendar(AUTUMN, 3, seconds=seconds)
                    quiet = block(cut, [[100 + i % 7 for i in range(cut.slots)]])
                    assert validate(Subject(quiet, Measure(unit), flow=flow), group).findings == ()


def test_the_milder_groups_flag_where_the_strict_one_stops():
    day = with_slots(wavy(), {(0, 10): -5})
    strict, mild = (validate(Subject(day, WH), group) for group in (INITIAL_LOAD, MANUAL_OVERRIDE))
    assert (strict.findings[0].severity, mild.findings[0].severity) == (Severity.ERROR, Severity.WARNING)
    gap = validate(Subject(with_slots(wavy(), {(0, 10): None}), WH), ESTIMATION)
    assert (gap.findings[0].severity, gap.findings[0].proposal) == (Severity.ERROR, Proposal.ESTIMATE)


def test_a_span_touches_more_slots_than_it_covers():
    day = flat(calendar(JUNE), channels=2)
    starts = numbers(at(JUNE, 1.1), at(JUNE), at(JUNE, -5))
    spans = Spans(numbers(2, 9, 2), starts, numbers(at(JUNE, 2), at(JUNE, 9), at(JUNE, 0.3)))
    assert np.flatnonzero(touched(day, spans)[1]).tolist() == [0, 1, 4, 5, 6, 7]
    assert np.flatnonzero(covered(day, spans)[1]).tolist() == [0, 5, 6, 7]
    assert not touched(day, spans)[0].any()


@given(st.lists(st.lists(st.booleans(), min_size=12, max_size=12), min_size=1, max_size=4), st.integers(1, 13))
def test_runs_are_found_as_by_hand(rows, least):
    marks = np.array(rows, dtype=np.bool_)
    expected = []
    for r, row in enumerate(rows):
        begin = None
        for i, marked in enumerate([*row, False]):
            if marked and begin is None:
                begin = i
            if not marked and begin is not None:
                expected += [(r, begin, i)] if i - begin >= least else []
                begin = None
    assert list(zip(*(column.tolist() for column in runs(marks, least=least)), strict=True)) == expected
    assert np.flatnonzero(has_run(marks, least)).tolist() == sorted({r for r, _, _ in expected})


@given(st.lists(st.one_of(st.none(), st.integers(-3, 60)), min_size=24, max_size=24), st.sampled_from([50, 180, 300]))
def test_spikes_are_found_as_by_hand(values, percent):
    day = block(calendar(JUNE, seconds=3600), [values])
    ranked = sorted((value for value in values if value is not None), reverse=True)
    third = ranked[2] if len(ranked) > 2 else 0
    expected = [
        i for i, value in enumerate(values)
        if value is not None and third > 0 and (value - third) * 100 > percent * third
    ]  # fmt: skip
    assert [hit[2] for hit in found(day, Spike(percent=percent))] == expected
