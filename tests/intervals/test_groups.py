"""Steps of a group: the narrowest threshold holds, a rule that fired runs another group, flags in a row are told."""

from __future__ import annotations

import numpy as np
import pytest

from lamplighter.intervals.vee.described import described, step_of
from lamplighter.intervals.vee.groups import Group, Role, Step
from lamplighter.intervals.vee.rules import DemandChange, FlaggedRun, FlatRun, Negative, Spike
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Severity
from tests.intervals.judging import JUNE, WH, found
from tests.intervals.making import calendar, flat, with_slots

DAY = calendar(JUNE)
ALL, INDUSTRIAL, OWN = (
    Step(Spike(percent=100)),
    Step(Spike(percent=300), classes=frozenset({"industrial"})),
    Step(Spike(percent=1000), channels=frozenset({3})),
)


def run(steps, given, further=None, **known):
    validation = validate(Subject(given, WH, **known), Group(Role.INITIAL_LOAD, tuple(steps), further or {}))
    return [(one.rule, one.channel, one.slot) for one in validation.findings], validation


def five(percent):
    """Five channels of 100 Wh with one interval that is so many percent over it."""
    return with_slots(flat(DAY, 100, channels=5), {(row, 40): 100 + percent for row in range(5)})


@pytest.mark.parametrize(("percent", "fired"), [(200, [1, 5]), (400, [1, 2, 4, 5]), (1100, [1, 2, 3, 4, 5])])
def test_of_thresholds_of_one_rule_the_narrowest_holds_alone(percent, fired):
    """Channels 2 to 4 are industrial, and 3 has a threshold of its own; the order of the steps is nothing to it."""
    classes = np.array(["residential", "industrial", "industrial", "industrial", "residential"])
    for steps in ((ALL, INDUSTRIAL, OWN), (OWN, INDUSTRIAL, ALL)):
        told, _ = run(steps, five(percent), classes=classes)
        assert sorted({channel for _, channel, _ in told}) == fired


def test_other_rules_of_the_channel_hold_as_they_did():
    told, _ = run((Step(DemandChange(percent=100)), OWN), five(200))
    assert [channel for _, channel, _ in told] == [1, 2, 3, 4, 5]


def test_a_rule_that_fired_runs_another_group_over_its_channels_alone():
    """Channels 1 and 2 jump; 2 and 3 have a flat line, which only a jump makes a matter."""
    given = with_slots(flat(DAY, 0, channels=3), {(0, 40): 5, (0, 41): 50, (1, 40): 5, (1, 41): 50})
    given = with_slots(given, {(row, slot): 7 for row in (1, 2) for slot in range(60, 66)})
    first = Step(DemandChange(percent=400), then="jumps")
    told, _ = run([first], given, {"jumps": (Step(FlatRun(slots=6)),)})
    assert told == [
        ("vee.demand-change", 1, 41), ("vee.demand-change", 2, 41), ("vee.flat-run", 2, 60),
    ]  # fmt: skip


def test_a_further_group_stops_a_channel_for_the_rules_that_follow():
    given = with_slots(flat(DAY, 10, channels=2), {(0, 41): 500, (1, 60): -5})
    given = with_slots(given, {(0, 60): -5})
    steps = [Step(DemandChange(percent=400), then="stop"), Step(Negative())]
    told, validation = run(steps, given, {"stop": (Step(Spike(percent=100), Severity.ERROR),)})
    assert [rule for rule, channel, _ in told if channel == 1] == ["vee.demand-change", "vee.spike"]
    assert [rule for rule, channel, _ in told if channel == 2] == ["vee.negative"]
    assert validation.stopped.tolist() == [True, False]


def flags(*codes):
    came = np.full((1, 96), Quality.MISSING, dtype=np.uint8)
    came[0, 10 : 10 + len(codes)] = codes
    return came


def test_flags_in_a_row_are_told_and_put_in_question():
    given, rule = flat(DAY), FlaggedRun(slots=4)
    assert found(given, rule, came=flags(10, 16, 10, 16)) == [(1, JUNE, 10, 4, 4, 4)]
    assert found(given, rule, came=flags(10, 16, 10)) == []
    assert found(given, rule, came=flags(10, 16, 0, 10, 16)) == [], "a good reading between them"
    assert found(given, rule) == [], "what was judged before is no flag of the head-end"
    _, validation = run([Step(rule)], given, came=flags(10, 16, 10, 16))
    assert judged(given, validation).quality[0, 9:15].tolist() == [17, 10, 10, 10, 10, 17]


def test_which_codes_count_is_a_threshold_and_read_before_it_is_adopted():
    assert found(flat(DAY), FlaggedRun(slots=2, codes="raw"), came=flags(14, 14)) == [(1, JUNE, 10, 2, 2, 2)]
    with pytest.raises(ValueError, match="no code 'loud'"):
        step_of({"rule": "vee.flagged-run", "severity": "flag", "codes": "raw loud"})


def test_a_step_of_one_channel_that_runs_a_group_is_read_back_as_it_was_written():
    step = Step(FlaggedRun(codes="raw"), channels=frozenset({7, 3}), then="jumps")
    assert described(step)["channels"] == [3, 7]
    assert step_of(described(step)) == step
