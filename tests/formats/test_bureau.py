"""A credit bureau's wire format: what is written is read, and what was cut off or changed is never believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.bureau import Answer, Inquiry, read_answer, read_inquiry, write_answer, write_inquiry
from lamplighter.formats.refusals import Unreadable
from lamplighter.town.bureau import answer

SAID = Answer("A1", "Sandbar", "PO Box 1", "(800) 555-0140", 561, 300, 850, ("Serious delinquency", "Too recent"))


def test_an_answer_stands_on_the_wire_as_segments_with_their_length():
    assert write_answer(SAID) == (
        b"HEAD009A1BURO038Sandbar|PO Box 1|(800) 555-0140SCOR018561|300|850"
        b"FACT026Serious delinquencyFACT017Too recentDONE0085"
    )
    assert read_answer(write_answer(SAID)) == SAID


def test_an_answer_may_say_that_nobody_is_known():
    nobody = Answer("A1", "Sandbar", "PO Box 1", "(800) 555-0140", None, 300, 850)
    assert read_answer(write_answer(nobody)) == nobody


def test_letters_that_ascii_lacks_are_written_without_their_marks():
    asked = read_inquiry(write_inquiry(Inquiry("A1", "utility", "Thị Hòa Nguyễn", "1418 Pacific Ave|Apt B")))
    assert (asked.name, asked.address) == ("Thi Hoa Nguyen", "1418 Pacific Ave Apt B")


@given(st.integers(0, 500))
def test_an_answer_that_is_cut_off_is_refused(length):
    whole = write_answer(SAID)
    if length < len(whole):
        with pytest.raises(Unreadable):
            read_answer(whole[:length])


@given(st.binary(max_size=80))
def test_noise_is_refused_in_words(noise):
    with pytest.raises(Unreadable):
        read_answer(noise)


def test_a_score_outside_of_its_range_is_refused():
    with pytest.raises(Unreadable, match="outside of 300 to 850"):
        read_answer(write_answer(Answer("A1", "S", "P", "T", 999, 300, 850)))


def test_the_citys_bureau_says_the_same_of_the_same_name():
    first, second = (read_answer(answer(write_inquiry(Inquiry(key, "utility", "Ada", "x")))) for key in ("1", "2"))
    assert (first.score, first.factors) == (second.score, second.factors)
    assert (first.reference, second.reference) == ("1", "2")
