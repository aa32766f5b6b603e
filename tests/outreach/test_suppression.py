"""No group of answers that is shown, nor what follows from several of them, is smaller than five."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.outreach.rules.suppression import FEWEST, OTHERS, groups

ANSWERS = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.integers(1, 5), max_size=12), max_size=8)


@given(ANSWERS)
def test_every_group_that_is_shown_has_five_answers_and_together_they_are_the_whole(answers):
    found = groups(answers)
    whole = sum(len(values) for values in answers.values())
    assert all(one.count >= FEWEST for one in found)
    assert sum(one.count for one in found) == (whole if found else 0)
    assert bool(found) == (whole >= FEWEST)


@given(ANSWERS)
def test_a_small_group_is_never_named(answers):
    named = {one.name for one in groups(answers)}
    assert not any(name in named for name, values in answers.items() if len(values) < FEWEST)


def test_a_single_small_group_takes_the_next_smallest_with_it():
    found = groups({"big": [5] * 9, "middle": [4] * 6, "small": [1]})
    assert [(one.name, one.count) for one in found] == [("big", 9), (OTHERS, 7)]
