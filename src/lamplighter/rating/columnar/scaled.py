"""Exact decimals as they come in: whole numbers of a power of ten, one for each bill, some perhaps not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation

import numpy as np

from lamplighter.rating.columnar.column import INTEGERS, Column, Whole, column, integers
from lamplighter.rating.columnar.masks import Mask

LOSSLESS = Context(prec=200, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """`values` x 10^-`places`: 744.125 kWh is 744125 at three places. `known` is false where nothing is told."""

    values: Whole
    places: int = 0
    known: Mask = True

    def __post_init__(self) -> None:
        assert self.values.dtype in INTEGERS, "whole numbers, never floating point"
        assert self.places >= 0

    @classmethod
    def of(cls, values: Sequence[Decimal | None]) -> Scaled:
        """Decimals at the places of the longest one; None is not known."""
        told = [value for value in values if value is not None]
        places = max((places_of(value) for value in told), default=0)
        whole = integers(0 if value is None else int(LOSSLESS.scaleb(value, places)) for value in values)
        known = len(told) == len(values) or np.array([value is not None for value in values], dtype=np.bool_)
        return cls(whole, places, known)

    def column(self) -> Column:
        return column(self.values, 10**self.places)


def places_of(value: Decimal) -> int:
    """How many decimal places a number is written with."""
    assert isinstance(value, Decimal), f"an exact number, not {value!r}"
    exponent = value.as_tuple()[2]
    assert isinstance(exponent, int), f"{value} is not a number"
    return -exponent if exponent < 0 else 0
