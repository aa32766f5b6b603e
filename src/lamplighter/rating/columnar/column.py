"""Exact numbers of many bills: whole numerators over one denominator; what is alike for all bills is a Fraction.

Numerators are 64-bit integers as long as a bound proves that nothing overflows. Where it does not, the true
maximum is looked up, and a column that still would not fit goes on in Python's unbounded integers: slower, never
wrong. There is no floating point (docs/algorithms/two-calculators.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.columnar.masks import Mask

SAFE = 2**62  # so that the sum of two still fits into 64 bits
NIL = Fraction(0)
INTEGERS = {np.dtype(np.int64), np.dtype(np.object_)}
Whole: TypeAlias = NDArray[Any]  # of int64, or of Python integers


@dataclass(frozen=True, slots=True, eq=False)
class Divisor:
    """Denominators that differ from bill to bill, all above nothing; two are alike only when they are the same."""

    values: Whole
    top: int


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """num / (den x the divisors), for each bill; no numerator is further from nothing than `top`."""

    num: Whole
    top: int
    den: int = 1
    by: tuple[Divisor, ...] = ()

    def __post_init__(self) -> None:
        assert self.num.dtype in INTEGERS, "whole numbers, never floating point"


Number: TypeAlias = Fraction | Column


def column(num: Whole, den: int = 1) -> Column:
    """A column of whole numbers over `den`."""
    whole, top = _narrow(num)
    return Column(whole, top, den)


def plus(one: Number, other: Number) -> Number:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one + other
    if isinstance(one, Fraction) and not one:
        return other
    if isinstance(other, Fraction) and not other:
        return one
    (a, top_a), (b, top_b), den, by = _alike(one, other)
    return Column(whole(a + b), top_a + top_b, den, by) if top_a + top_b <= SAFE else _wide(a, b, den, by)


def minus(one: Number, other: Number) -> Number:
    return plus(one, negative(other))


def negative(number: Number) -> Number:
    return -number if isinstance(number, Fraction) else Column(whole(-number.num), number.top, number.den, number.by)


def times(one: Number, other: Number) -> Number:
    if isinstance(one, Fraction):
        one, other = other, one
    if isinstance(one, Fraction):
        return one * other if isinstance(other, Fraction) else times(other, one)
    if isinstance(other, Fraction):
        if not other:
            return NIL
        num, top = _product(one.num, one.top, other.numerator, abs(other.numerator))
        return Column(num, top, one.den * other.denominator, one.by)
    num, top = _product(one.num, one.top, other.num, other.top)
    return Column(num, top, one.den * other.den, (*one.by, *other.by))


def total(numbers: Iterable[Number]) -> Number:
    found: Number = NIL
    for number in numbers:
        found = plus(found, number)
    return found


def reciprocal(number: Number) -> Number:
    """One over a number above nothing; where it is not, one over one: such bills are for the caller to set aside."""
    if isinstance(number, Fraction):
        return 1 / number if number > 0 else Fraction(1)
    values = np.where(number.num > 0, number.num, 1)
    over, top = _of_divisors(number.by)
    num, top = _product(over, top, number.den, number.den)
    return Column(num, top, 1, (Divisor(values, max(number.top, 1)),))


def chosen(mask: Mask, one: Number, other: Number = NIL) -> Number:
    """`one` where the mask holds, else `other`."""
    if isinstance(mask, bool):
        return one if mask else other
    if isinstance(other, Fraction) and not other:
        plain = as_column(one)
        return Column(np.where(mask, plain.num, 0), plain.top, plain.den, plain.by)
    (a, top_a), (b, top_b), den, by = _alike(one, other)
    return Column(np.where(mask, a, b), max(top_a, top_b), den, by)


def least(one: Number, other: Number) -> Number:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return min(one, other)
    (a, top_a), (b, top_b), den, by = _alike(one, other)
    return Column(whole(np.minimum(a, b)), max(top_a, top_b), den, by)


def most(one: Number, other: Number) -> Number:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return max(one, other)
    (a, top_a), (b, top_b), den, by = _alike(one, other)
    return Column(whole(np.maximum(a, b)), max(top_a, top_b), den, by)


def below(one: Number, other: Number) -> Mask:
    """Where `one` is less than `other`."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one < other
    (a, _), (b, _), _, _ = _alike(one, other)
    return np.asarray(a < b, dtype=np.bool_)


def differs(number: Number) -> Mask:
    """Where it is not nothing."""
    return bool(number) if isinstance(number, Fraction) else np.asarray(number.num != 0, dtype=np.bool_)


def at(number: Number, index: int) -> Fraction:
    """The number of one bill."""
    if isinstance(number, Fraction):
        return number
    return Fraction(_item(number.num, index), number.den * prod(_item(divisor.values, index) for divisor in number.by))


def each(values: Whole, size: int) -> list[int]:
    """The whole numbers of so many bills; one that stands for all of them is repeated."""
    found: list[int] = np.broadcast_to(values, (size,)).tolist()
    return found


def ratios(number: Number, size: int) -> tuple[list[int], list[int]]:
    """The numbers of so many bills as numerators and denominators, which may have factors in common."""
    plain = as_column(number)
    den, _ = denominator(plain.den, plain.by)
    return each(plain.num, size), each(den, size)


def as_column(number: Number) -> Column:
    """A Fraction as a column of one number that stands for every bill."""
    if isinstance(number, Column):
        return number
    return column(integers([number.numerator]).reshape(()), number.denominator)


def over_one(columns: Iterable[Number]) -> tuple[list[tuple[Whole, int]], int, tuple[Divisor, ...]]:
    """The numerators (each with its bound) of columns brought over one denominator, and that denominator."""
    plain = [as_column(number) for number in columns]
    den = lcm(*(one.den for one in plain))
    by: tuple[Divisor, ...] = ()
    for one in plain:
        by = (*by, *_without(one.by, by))
    brought = []
    for one in plain:
        num, top = _product(one.num, one.top, den // one.den, den // one.den)
        over, over_top = _of_divisors(_without(by, one.by))
        brought.append(_product(num, top, over, over_top))
    return brought, den, by


def denominator(den: int, by: tuple[Divisor, ...]) -> tuple[Whole, int]:
    """The whole denominator of each bill, with its bound."""
    values, top = _of_divisors(by)
    return _product(values, top, den, den)


def integers(values: Iterable[int]) -> Whole:
    """Whole numbers as 64-bit integers where they fit."""
    found = list(values)
    fits = all(-SAFE <= value <= SAFE for value in found)
    return np.array(found, dtype=np.int64 if fits else np.object_)


def whole(values: Any) -> Whole:
    """As an array of 64-bit or of Python's integers.

    Left to itself, numpy makes a single number between 2^63 and 2^64 unsigned, and floating point of it beside others.
    """
    return integers([values]).reshape(()) if isinstance(values, int) else np.asarray(values)


def unbounded(num: Whole) -> Whole:
    return num.astype(np.object_)


def _item(values: Whole, index: int) -> int:
    return int(values[index] if values.ndim else values[()])


def _alike(one: Number, other: Number) -> tuple[tuple[Whole, int], tuple[Whole, int], int, tuple[Divisor, ...]]:
    brought, den, by = over_one((one, other))
    return brought[0], brought[1], den, by


def _wide(a: Whole, b: Whole, den: int, by: tuple[Divisor, ...]) -> Column:
    """A sum that its bound does not prove to fit."""
    (a, top_a), (b, top_b) = _narrow(a), _narrow(b)
    if top_a + top_b > SAFE:
        a = unbounded(a)
    return Column(whole(a + b), top_a + top_b, den, by)


def _product(one: Whole, top: int, other: Whole | int, other_top: int) -> tuple[Whole, int]:
    if isinstance(other, int):
        if other == 1:
            return one, top
        if other_top > SAFE:
            other = np.array(other, dtype=np.object_)
    if top * other_top > SAFE:
        one, top = _narrow(one)
        if not isinstance(other, int):
            other, other_top = _narrow(other)
        if top * other_top > SAFE:
            one = unbounded(one)
    return whole(one * other), top * other_top


def _narrow(num: Whole) -> tuple[Whole, int]:
    """With its true bound, in 64 bits where that allows it and without a bound where it does not."""
    top = max(int(num.max()), -int(num.min())) if num.size else 0
    return num.astype(np.int64 if top <= SAFE else np.object_, copy=False), top


def _without(all_of: tuple[Divisor, ...], some: tuple[Divisor, ...]) -> tuple[Divisor, ...]:
    """What of the first is not in the second; a divisor may stand in them more than once."""
    left = list(some)
    found = []
    for divisor in all_of:
        if divisor in left:
            left.remove(divisor)
        else:
            found.append(divisor)
    return tuple(found)


def _of_divisors(by: tuple[Divisor, ...]) -> tuple[Whole, int]:
    values: Whole = np.ones((), dtype=np.int64)
    top = 1
    for divisor in by:
        values, top = _product(values, top, divisor.values, divisor.top)
    return values, top
