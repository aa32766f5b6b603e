"""Columns compute as fractions do, within 64 bits and beyond."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.rating.columnar.column import (
    SAFE,
    at,
    below,
    chosen,
    column,
    differs,
    integers,
    least,
    minus,
    most,
    plus,
    reciprocal,
    times,
    total,
)
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.scaled import Scaled
from lamplighter.rating.quantities import RoundTo

SMALL = st.integers(-(10**6), 10**6)
WIDE = st.one_of(SMALL, st.integers(-(2**63), 2**63 - 1), st.integers(-(10**30), 10**30), st.integers(2**63, 2**64))
DENOMINATORS = st.sampled_from([1, 10, 1000, 30, 31, 10**18, 304167, 7])


@st.composite
def pairs(draw: st.DrawFn):
    """Two columns, with the fractions that they stand for; sometimes one number stands for all."""
    size = draw(st.integers(1, 4))
    found = []
    for _ in range(2):
        values, den = draw(st.lists(WIDE, min_size=size, max_size=size)), draw(DENOMINATORS)
        if draw(st.integers(0, 3)) == 3:
            found.append((Fraction(values[0], den), [Fraction(values[0], den)] * size))
        else:
            found.append((column(integers(values), den), [Fraction(value, den) for value in values]))
    return found


def fractions(number, size):
    return [at(number, i) for i in range(size)]


@given(pairs())
def test_sums_products_and_comparisons_are_exact(two):
    (a, xs), (b, ys) = two
    size = len(xs)
    pairs = list(zip(xs, ys, strict=True))
    assert fractions(plus(a, b), size) == [x + y for x, y in pairs]
    assert fractions(minus(a, b), size) == [x - y for x, y in pairs]
    assert fractions(times(a, b), size) == [x * y for x, y in pairs]
    assert fractions(least(a, b), size) == [min(x, y) for x, y in pairs]
    assert fractions(most(a, b), size) == [max(x, y) for x, y in pairs]
    assert fractions(total([a, b, a]), size) == [x + y + x for x, y in pairs]
    assert np.broadcast_to(below(a, b), size).tolist() == [x < y for x, y in pairs]
    assert np.broadcast_to(differs(a), size).tolist() == [x != 0 for x in xs]


@given(pairs(), st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_choice_takes_one_or_the_other(two, truths):
    (a, xs), (b, ys) = two
    mask = np.array(truths[: len(xs)])
    expected = [x if truth else y for x, y, truth in zip(xs, ys, mask, strict=True)]
    assert fractions(chosen(mask, a, b), len(xs)) == expected
    assert fractions(chosen(mask, a), len(xs)) == [x if truth else 0 for x, truth in zip(xs, mask, strict=True)]


@given(pairs())
def test_a_share_divides_by_each_bills_own_number(two):
    (a, xs), (b, ys) = two
    above = most(b, Fraction(1, 9))
    shares = times(a, reciprocal(above))
    assert fractions(shares, len(xs)) == [x / max(y, Fraction(1, 9)) for x, y in zip(xs, ys, strict=True)]
    assert fractions(plus(shares, times(shares, b)), len(xs)) == [
        x / max(y, Fraction(1, 9)) * (1 + y) for x, y in zip(xs, ys, strict=True)
    ]


@given(pairs(), st.sampled_from([Fraction(1), Fraction(1, 100), Fraction(5), Fraction(1, 10)]))
def test_rounding_is_that_of_fractions(two, size):
    (a, xs), (b, _) = two
    number = times(a, reciprocal(most(b, Fraction(1))))
    exact = fractions(number, len(xs))
    for to in RoundTo:
        rounded = fractions(to_multiple(number, size, to), len(xs))
        for x, y in zip(exact, rounded, strict=True):
            assert (y / size).denominator == 1
            match to:
                case RoundTo.UP:
                    assert 0 <= y - x < size
                case RoundTo.DOWN:
                    assert 0 <= x - y < size
                case RoundTo.NEAREST:
                    assert abs(x - y) * 2 <= size
                    assert abs(x - y) * 2 < size or abs(y) > abs(x), "half goes away from nothing"


def test_a_product_beyond_64_bits_goes_on_in_unbounded_integers():
    kwh = column(np.array([2**40, 3], dtype=np.int64), 1000)
    price = Fraction(123456789012345678, 10**18)
    assert times(kwh, price).num.dtype == np.object_
    assert fractions(times(kwh, price), 2) == [Fraction(2**40, 1000) * price, Fraction(3, 1000) * price]


def test_what_still_fits_stays_in_64_bits():
    """The bound of a product may be far off; the true maximum decides before anything is given up."""
    many = column(np.array([1, 2, 3], dtype=np.int64))
    once = minus(times(many, Fraction(2**61)), times(many, Fraction(2**61)))
    assert times(once, Fraction(10**6)).num.dtype == np.int64
    assert fractions(times(once, Fraction(10**6)), 3) == [0, 0, 0]


@pytest.mark.parametrize("value", [SAFE, SAFE + 1, 2**63 - 1, -(2**63)])
def test_the_edges_of_64_bits_do_not_wrap(value):
    held = column(np.array([value], dtype=np.int64))
    assert fractions(plus(held, held), 1) == [2 * value]
    assert fractions(minus(Fraction(0), held), 1) == [-value]
    assert fractions(times(held, held), 1) == [value * value]


def test_floats_are_no_quantities():
    with pytest.raises(AssertionError, match="never floating point"):
        Scaled(np.array([1.5]))
    with pytest.raises(AssertionError, match="an exact number"):
        Scaled.of([1.5])


def test_scaled_decimals_keep_every_place():
    from decimal import Decimal

    many = Decimal("413.79310344827586206896551724137931034482758620689655")
    scaled = Scaled.of([Decimal("1E+3"), many, None])
    assert fractions(scaled.column(), 2) == [1000, Fraction(many)]
    assert scaled.known.tolist() == [True, True, False]


@pytest.mark.parametrize("places", range(15, 22))
def test_a_number_for_all_bills_stays_whole_past_63_bits(places):
    """numpy takes a single number from 2^63 to 2^64 as unsigned, and beside a signed one as floating point."""
    dear, cheap = Fraction(18123456789, 10**9), Fraction(103959, 10**places)
    found = chosen(np.array([True, False]), dear, cheap)
    assert fractions(found, 2) == [dear, cheap]
    assert fractions(plus(found, found), 2) == [dear * 2, cheap * 2]
    one = column(integers([18123456789]).reshape(()), 10**9)
    assert at(minus(one, cheap), 0) == dear - cheap
    assert at(most(one, cheap), 0) == dear
    assert at(least(one, cheap), 0) == cheap
