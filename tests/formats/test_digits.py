"""Numbers out of text, a column at a time and one by one."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.digits import factor_of, mantissa, number, numbers

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
LIKELY = st.text("0123456789.-+ eE", max_size=24) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6
).map(str)


def parsed(texts):
    return numbers(pa.array([text.encode() for text in texts], pa.binary()))


@given(st.lists(LIKELY | st.text(max_size=12), min_size=1, max_size=50))
def test_a_column_gives_exactly_the_plain_decimals_of_at_most_eighteen_characters(texts):
    result = parsed(texts)
    for i, text in enumerate(texts):
        bare = text.strip(" ")
        is_plain = bool(PLAIN.fullmatch(bare)) and len(bare.lstrip("+-")) <= 18
        assert result.ok[i] == is_plain, text
        assert result.empty[i] == (bare == "")
        if is_plain:
            assert Decimal(int(result.values[i])).scaleb(-int(result.places[i])) == Decimal(bare)


def test_the_places_are_those_that_were_written():
    result = parsed(["1.50", "7", ".048", "12.", "-0.5"])
    assert result.values.tolist() == [150, 7, 48, 12, -5]
    assert result.places.tolist() == [2, 0, 3, 0, 1]


def test_a_slice_of_a_longer_array_is_read_from_its_own_beginning():
    column = pa.array([b"999", b"12.5", b"x", b"1234567890.125"], pa.binary()).slice(1)
    result = numbers(column)
    assert result.values.tolist()[0] == 125
    assert result.ok.tolist() == [True, False, True]
    assert result.values[2] == 1234567890125


@pytest.mark.parametrize("text", ["", " ", "abc", "1,5", "--5", "1e", "1e400", "nan", "Infinity", "٣", "0x10", "1_000"])
def test_what_is_no_number_is_refused_in_words(text):
    with pytest.raises(ValueError, match="is not a number"):
        number(text)


def test_a_spreadsheet_may_write_small_numbers_with_an_exponent():
    assert number("1.5E-05") == Decimal("0.000015")


def test_digits_beyond_64_bits_are_refused_unless_they_are_zeros():
    assert mantissa(Decimal("1.000000000000000000000")) == (10**18, 18)
    with pytest.raises(ValueError, match="64 bits"):
        mantissa(Decimal("9" * 20))


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 18))
def test_a_mantissa_is_the_number_again(whole, places):
    value = Decimal(whole).scaleb(-places)
    back, written = mantissa(value)
    assert Decimal(back).scaleb(-written) == value


def test_a_multiplier_is_exact_and_not_nothing():
    assert factor_of(Decimal("0.0250"), 4) == (100, 3)
    assert factor_of(Decimal("1.0")) == (1, 0)
    assert factor_of(Decimal(80)) == (80, 0)
    with pytest.raises(ValueError, match="no multiplier"):
        factor_of(Decimal(0))
