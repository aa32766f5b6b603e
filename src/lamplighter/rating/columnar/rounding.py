"""Round columns exactly: to the cent, to a multiple, and lines to cents that add up to a rounded total.

See docs/algorithms/rounding.md. Half a cent goes away from nothing; lines of a bill that is rounded once are
floored, and the cents still missing go to those that lost most.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

import numpy as np

from lamplighter.rating.columnar.column import (
    SAFE,
    Column,
    Divisor,
    Number,
    Whole,
    as_column,
    denominator,
    over_one,
    times,
    unbounded,
    whole,
)
from lamplighter.rating.quantities import RoundTo

CENT = Fraction(1, 100)


def to_cents(dollars: Number) -> Number:
    """Rounded half up to the cent, as dollars."""
    return to_multiple(dollars, CENT, RoundTo.NEAREST)


def to_multiple(number: Number, size: Fraction, to: RoundTo) -> Number:
    """The nearest, next higher or next lower multiple of `size`."""
    return times(_steps(number, size, to), size)


def count_cents(dollars: Number, size: int) -> Whole:
    """Dollars rounded half up, as whole cents of each bill."""
    cents = _steps(dollars, CENT, RoundTo.NEAREST)
    return np.broadcast_to(as_column(cents).num, (size,))


def footed(lines: Sequence[Number], totals: Whole, size: int) -> list[Whole]:
    """Cents of each line that add up to the totals, by largest remainder; of equal ones the first line is served."""
    if not lines:
        return []
    brought, den, by = over_one(lines)
    plain, top = denominator(den, by)
    wide = max(top, *(top for _, top in brought)) * 100 > SAFE
    over = unbounded(plain) if wide else plain
    hundredfold = [(unbounded(num) if wide else num) * 100 for num, _ in brought]
    floors = [np.broadcast_to(whole(num // over), (size,)) for num in hundredfold]
    lost = np.array([np.broadcast_to(whole(num % over), (size,)) for num in hundredfold])
    missing = totals - sum(floors)
    assert (missing >= 0).all()
    assert (missing <= len(lines)).all(), "lines cannot foot to a total this far away"
    first = np.argsort(-lost, axis=0, kind="stable")
    rank = np.empty_like(first)
    np.put_along_axis(rank, first, np.arange(len(lines))[:, None], axis=0)
    return [floor + (rank[i] < missing) for i, floor in enumerate(floors)]


def _steps(number: Number, size: Fraction, to: RoundTo) -> Number:
    """How many times `size` goes into a number, as a whole number."""
    if isinstance(number, Fraction):
        return Fraction(_rounded(number.numerator * size.denominator, number.denominator * size.numerator, to))
    shared = gcd(size.denominator, number.den * size.numerator)
    larger = times(number, Fraction(size.denominator // shared))
    assert isinstance(larger, Column)
    num, den = _fitting(larger.num, larger.top, number.den * size.numerator // shared, number.by)
    return Column(_divided(num, den, to), larger.top + 1)


def _rounded(num: int, den: int, to: RoundTo) -> int:
    match to:
        case RoundTo.UP:
            return -(-num // den)
        case RoundTo.DOWN:
            return num // den
        case RoundTo.NEAREST:
            nearest = (2 * abs(num) + den) // (2 * den)
            return nearest if num >= 0 else -nearest


def _fitting(num: Whole, top: int, den: int, by: tuple[Divisor, ...]) -> tuple[Whole, Whole]:
    """Numerator and denominator such that twice the one and the other add up without overflow."""
    plain, den_top = denominator(den, by)
    if 2 * (top + den_top) > SAFE:
        return unbounded(num), unbounded(plain)
    return num, plain


def _divided(num: Whole, den: Whole, to: RoundTo) -> Whole:
    match to:
        case RoundTo.UP:
            return whole(-(-num // den))
        case RoundTo.DOWN:
            return whole(num // den)
        case RoundTo.NEAREST:
            nearest = whole((2 * abs(num) + den) // (2 * den))
            return np.asarray(np.where(num < 0, -nearest, nearest))
