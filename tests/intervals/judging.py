"""One rule run over a few channels, as the tests of the rules tell it."""

from __future__ import annotations

from datetime import date

import numpy as np

from lamplighter.intervals.vee.groups import Group, Role, Step
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import validate
from lamplighter.kernel.energy import Measure, Unit

JUNE = date(2025, 6, 2)
WH = Measure(Unit.WH)


def found(given, rule, **known):
    """`(channel, day, slot, slots, measured, threshold)` of each finding of one rule."""
    measure = known.pop("measure", WH)
    validation = validate(Subject(given, measure, **known), Group(Role.INITIAL_LOAD, (Step(rule),)))
    return [(f.channel, f.day, f.slot, f.slots, f.measured, f.threshold) for f in validation.findings]


def numbers(*values):
    return np.array(values, dtype=np.int64)
