"""A utility's own rules: read back as they were written, refused in words; and the rule of sudden change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.intervals.vee.described import described, step_of
from lamplighter.intervals.vee.groups import SHIPPED, Group, Role, Step
from lamplighter.intervals.vee.rules import DemandChange, Spike
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import validate
from lamplighter.kernel.energy import Measure, Unit
from tests.intervals.making import block, calendar

STEPS = [step for group in SHIPPED.values() for step in group.steps]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.rule.code)
def test_a_shipped_step_is_read_back_as_it_was_written(step):
    assert step_of(described(step)) == step


def test_thresholds_are_a_utilitys_own_and_the_rest_is_as_shipped():
    found = step_of({"rule": "vee.spike", "severity": "stop", "classes": ["industrial"], "percent": "250"})
    assert (found.rule, found.classes) == (Spike(percent=250), frozenset({"industrial"}))


@pytest.mark.parametrize(("said", "words"), [
    ({"rule": "vee.spikes"}, "There is no rule"), ({"rule": "vee.spike", "days": 3}, "has no threshold days"),
    ({"rule": "vee.spike", "percent": "many"}, "is a number"), ({"rule": "vee.spike", "percent": -1}, "zero or more"),
    ({"rule": "vee.zero-run", "days": "1.5"}, "whole number"), ({"rule": "vee.negative", "severity": "?"}, "severity"),
])  # fmt: skip
def test_what_is_no_rule_or_threshold_is_refused_in_words(said, words):
    with pytest.raises(ValueError, match=words):
        step_of({"severity": "flag", **said})


def fired(rule, values):
    week = calendar(date(2025, 6, 2), seconds=3600)
    group = Group(Role.INITIAL_LOAD, (Step(rule),))
    found = validate(Subject(block(week, [[*values, *[values[-1]] * (24 - len(values))]]), Measure(Unit.WH)), group)
    return [(one.slot, one.measured, one.threshold) for one in found.findings]


def test_a_sudden_change_is_over_its_percentage_not_at_it():
    assert fired(DemandChange(percent=250), [40, 140]) == []
    assert fired(DemandChange(percent=250), [40, 141]) == [(1, 141, 140)]
    assert fired(DemandChange(percent=250, floor=Decimal(141)), [40, 141]) == []


def test_a_change_from_nothing_or_after_a_gap_says_nothing():
    assert fired(DemandChange(percent=100), [0, 500]) == []
    assert fired(DemandChange(percent=100), [40, None, 500]) == []
