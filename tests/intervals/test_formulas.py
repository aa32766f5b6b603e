"""A utility's own comparisons: figures by hand, silence where something is unknown, and nothing that runs as code."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.intervals.vee.described import described, step_of
from lamplighter.intervals.vee.formulas import LONGEST, QUANTITIES, NoFormula, parsed, quantities
from lamplighter.intervals.vee.groups import Group, Role, Step
from lamplighter.intervals.vee.rules import Formula
from lamplighter.intervals.vee.subject import History, Subject
from lamplighter.intervals.vee.validating import validate
from lamplighter.kernel.energy import Measure, Unit
from tests.intervals.judging import JUNE, WH, found, numbers
from tests.intervals.making import block, calendar, flat, with_slots

DAY = with_slots(flat(calendar(JUNE, 1)), {(0, 40): 500, (0, 41): 0})  # 94 x 100, 500 and 0: 9,900 Wh
BEFORE = History(
    season_totals=numbers(0), season_days=numbers(0), previous_totals=numbers(7 * 4_000), previous_days=numbers(7),
    previous_peaks=numbers(150),
)  # fmt: skip


@pytest.mark.parametrize(("text", "sides"), [
    ("max > 3 * before_peak", (500, 450)), ("max >= 500", (500, 500)), ("day > 2 * before_day", (9_900, 8_000)),
    ("zeros == 1", (1, 1)), ("sum / days > 9000", (9_900, 9_000)), ("max - median > 399", (400, 399)),
    ("min < 1 and mean > 100", (0, 1)), ("zeros > 5 or max > 499", (500, 499)),
    ("max > 500", None), ("day > 2 * season_day", None), ("max > 3 * before_peak and zeros > 1", None),
    ("sum / outages > 1", None),
])  # fmt: skip
def test_a_comparison_by_hand_and_silence_where_something_is_not_known(text, sides):
    """Nothing is known of last year, and nobody divides by no outage."""
    expected = [] if sides is None else [(1, JUNE, 0, 96, *sides)]
    assert found(DAY, Formula("ours", text), history=BEFORE) == expected


def test_it_is_in_the_plain_unit_and_silent_without_a_whole_day():
    kilo = Measure(Unit.WH, 3)
    assert found(DAY, Formula("ours", "max > 499000"), measure=kilo) == [(1, JUNE, 0, 96, 500_000, 499_000)]
    gap = with_slots(DAY, {(0, 3): None})
    assert found(gap, Formula("ours", "zeros >= 0")) == []
    outage = np.zeros((1, 96), dtype=np.bool_)
    outage[0, 7] = True
    assert found(DAY, Formula("ours", "outages > 0"), outage=outage) == [], "no ordinary day is left to judge"


@given(st.lists(st.integers(0, 9_000), min_size=96, max_size=96))
@settings(max_examples=25)
def test_the_quantities_are_those_of_a_textbook(values):
    known = quantities(Subject(block(calendar(JUNE, 1), [values]), WH))
    assert {name: known[name][0] for name in ("sum", "min", "max", "zeros", "days")} == {
        "sum": sum(values), "min": min(values), "max": max(values), "zeros": values.count(0), "days": 1,
    }  # fmt: skip
    for name, told in (("mean", statistics.fmean), ("median", statistics.median), ("deviation", statistics.pstdev)):
        assert known[name][0] == pytest.approx(told(values), abs=1e-6)
    assert set(known) == set(QUANTITIES)


@pytest.mark.parametrize("text", [
    "__import__('os').system('id')", "max", "max > ", "max > True", "max != 3", "1 < max < 3", "not max > 3",
    "max ** 99999 > 1", "(lambda: 1)() > 0", "max[0] > 1", "max.real > 1", "'a' > 'b'", "peaks > 1", "max if 1 else 2",
    "max > -1", "max > 1e999 and " * 40, "(" * 5_000, "max > " + "1 + " * 40 + "1", "", "max := 3",
])  # fmt: skip
def test_nothing_but_comparisons_of_known_quantities_is_read(text):
    with pytest.raises(NoFormula):
        parsed(text)


@given(st.text(max_size=LONGEST + 5))
@settings(max_examples=200)
def test_any_text_is_a_formula_or_is_refused_in_words(text):
    try:
        parsed(text)
    except NoFormula as refused:
        assert len(str(refused)) > 20


def test_it_is_adopted_by_name_and_told_in_its_words():
    step = step_of({"rule": "vee.formula", "severity": "flag", "classes": ["commercial"], "name": "Peak trebled",
                    "formula": "max > 3 * before_peak"})  # fmt: skip
    assert step_of(described(step)) == step
    (finding,) = validate(Subject(DAY, WH, history=BEFORE), Group(Role.INITIAL_LOAD, (Step(step.rule),))).findings
    assert finding.message == "Peak trebled: max > 3 * before_peak. Here 500 against 450."
    for wrong, words in (
        ({"formula": "max > 1"}, "Give the formula a name"),
        ({"name": "x", "formula": "a > 1"}, "no 'a'"),
    ):
        with pytest.raises(ValueError, match=words):
            step_of({"rule": "vee.formula", "severity": "flag", **wrong})
