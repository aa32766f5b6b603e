"""Exact arithmetic between a tariff's decimals and a bill's thirds of a month.

A price has a finite decimal; a month of 29/30 does not. Inside the calculator every quantity and amount is a
`Fraction`, so that no order of multiplying and dividing can move a half-cent; at its edge they are `Decimal` again.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

PLACES = 20  # of a number that has no finite decimal, such as a third
HALF = Fraction(1, 2)
NOTHING = Fraction(0)


def decimal(value: Fraction) -> Decimal:
    """The decimal of a fraction: exact where there is one, else to twenty places."""
    places = _places(value.denominator)
    if places is None:
        places = PLACES
        digits = whole(value * 10**PLACES)
    else:
        digits = value.numerator * 10**places // value.denominator
    while places and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Decimal(f"{digits}E-{places}") if places else Decimal(digits)


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
def _places(denominator: int) -> int | None:
    """How many decimal places express 1/denominator exactly; None when no number of them does."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
