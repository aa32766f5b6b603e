"""Exact arithmetic between a tariff's decimals and a bill's thirds of a month.

A price has a finite decimal; a month of 29/30 does not. Inside the calculator every quantity and amount is a
`Fraction`, so that no order of multiplying and dividing can move a half-cent; at its edge they are `Decimal` again.
The `Fraction` of the library quicktions is Python's own, compiled; the columnar calculator computes with Python's.
"""

from __future__ import annotations

from decimal import MAX_PREC, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction as Fraction  # noqa: PLC0414 - the calculator's modules take it from here
else:
    from quicktions import Fraction

PLACES = 20  # of a number that has no finite decimal, such as a third
PLACED = 10**PLACES
HALF = Fraction(1, 2)
NOTHING = Fraction(0)
UNROUNDED = Context(prec=MAX_PREC)


def decimal(value: Fraction) -> Decimal:
    """The decimal of a fraction: exact where there is one, else to twenty places."""
    expansion = _expansion(value.denominator)
    if expansion is not None:  # in lowest terms, so that no zero is left at the end
        return UNROUNDED.multiply(value.numerator, expansion)
    over, under = value.numerator, value.denominator
    digits = (2 * abs(over) * PLACED + under) // (2 * under)  # half away from zero, as `whole` has it
    places = PLACES
    while places and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Decimal(digits if over >= 0 else -digits).scaleb(-places, UNROUNDED)


often = lru_cache(maxsize=4096)(decimal)
"""The same of prices and parts of a month, which are few and come again on every bill."""


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 4.5000 is 4.5, 1E+2 is 100; nothing is rounded."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "a finite number"
    while exponent < 0 and digits and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    if exponent > 0:
        digits, exponent = (*digits, *(0,) * exponent), 0
    return Decimal((sign if any(digits) else 0, digits or (0,), exponent if any(digits) else 0))


def whole(value: Fraction) -> int:
    """The nearest whole number, half away from zero, as rate books round."""
    nearest = (abs(value) + HALF).__floor__()
    return nearest if value >= 0 else -nearest


@lru_cache(maxsize=4096)
def _expansion(denominator: int) -> Decimal | None:
    """1/denominator; None when no number of decimal places expresses it."""
    whole_of, twos, fives = denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return None
    places = max(twos, fives)
    return Decimal(10**places // whole_of).scaleb(-places, UNROUNDED)
