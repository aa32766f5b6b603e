"""Fractions and decimals at the edge of the calculator."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.rating.exact import decimal, plain, whole

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9)


@given(decimals)
def test_a_decimal_survives_being_a_fraction(value):
    assert decimal(Fraction(value)) == value


@given(st.fractions(max_denominator=10**6))
def test_a_fraction_without_a_decimal_is_near_to_twenty_places(value):
    assert abs(Fraction(decimal(value)) - value) <= Fraction(1, 2 * 10**20)


def test_a_third_of_a_month_loses_no_half_cent():
    assert decimal(Fraction("24.165") * 20 / 30) == Decimal("16.11")


def test_numbers_are_written_plainly():
    assert str(plain(Decimal("4.5000"))) == "4.5"
    assert str(plain(Decimal("1E+2"))) == "100"
    assert str(plain(Decimal("-0.00"))) == "0"


def test_halves_go_away_from_nothing():
    assert [whole(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
