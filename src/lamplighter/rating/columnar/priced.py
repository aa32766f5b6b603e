"""What came out for many bills: totals as a column of cents, and each bill's lines on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lamplighter.rating.columnar.column import SAFE, Number, Whole, at, each, ratios, total
from lamplighter.rating.columnar.refusals import Refusal
from lamplighter.rating.columnar.rounding import count_cents, footed
from lamplighter.rating.columnar.sheet import Row, Sheet
from lamplighter.rating.tariff import RoundingRule


class LineAmount(NamedTuple):
    """One row of a bill: a line over some of its days, in one TOU period and one tier where it has such."""

    code: str
    first: int  # day of the bill, counted from 0
    days: int
    hours: str
    tier: int
    exact: Fraction
    cents: int


class PricedGroup:
    """Bills of one plan. `totals` are cents, nothing for a refused bill; lines are worked out when they are asked."""

    def __init__(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        self.size = sheet.source.size
        self.rows = rows
        self.banks: Mapping[str, Number] = sheet.banks
        self._rule = sheet.newest.rounding.rule
        self.exact = total(row.amount for row in rows)
        if self._rule is RoundingRule.EACH_LINE:
            self._cents_of_rows: list[Whole] | None = [count_cents(row.amount, self.size) for row in rows]
            self._cents = sum(self._cents_of_rows, start=np.zeros(self.size, dtype=np.int64))
        else:
            self._cents_of_rows = None
            self._cents = count_cents(self.exact, self.size)
        if self._cents.dtype != np.int64:
            beyond = np.asarray(abs(self._cents) > SAFE, dtype=np.bool_)
            sheet.refuse(beyond, "amount.beyond", "The bill comes to more cents than are ever booked.")
        self.refused = sheet.refusals.mask
        self._refusals = sheet.refusals
        self.totals: NDArray[np.int64] = np.where(self.refused, 0, self._cents).astype(np.int64)

    @cached_property
    def cents(self) -> list[Whole]:
        """Cents of each row for every bill, footing to its total."""
        if self._cents_of_rows is not None:
            return self._cents_of_rows
        return footed([row.amount for row in self.rows], self._cents, self.size)

    @cached_property
    def amounts(self) -> list[tuple[str, list[int], list[int], list[int]]]:
        """Of each row, for every bill: its line's code, the cents, and the exact amount as a numerator and a
        denominator, which may have factors in common."""
        return [
            (row.span.code, each(cents, self.size), *ratios(row.amount, self.size))
            for row, cents in zip(self.rows, self.cents, strict=True)
        ]

    def refusal(self, bill: int) -> Refusal | None:
        return self._refusals.of(bill)

    def lines(self, bill: int) -> tuple[LineAmount, ...]:
        """The rows of one bill that come to something; none of a refused bill."""
        if self.refused[bill]:
            return ()
        return tuple(
            LineAmount(
                row.span.code, row.span.first, row.span.days, row.hours, row.tier, exact, int(self.cents[i][bill])
            )
            for i, row in enumerate(self.rows)
            if (exact := at(row.amount, bill))
        )

    def balances(self, bill: int) -> dict[str, Fraction]:
        """Of the banks that the tariff moves, after this bill."""
        return {name: at(balance, bill) for name, balance in self.banks.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bill was priced: its group, and its row there."""

    group: PricedGroup
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Bills in the order given. `totals` are cents; a refused bill has none, and its reason in `refused`."""

    totals: NDArray[np.int64]
    refused: Mapping[int, Refusal]
    _places: Sequence[Place | None]

    def lines(self, bill: int) -> tuple[LineAmount, ...]:
        place = self._places[bill]
        return () if place is None else place.group.lines(place.row)

    def amounts(self, bill: int) -> Iterator[tuple[str, int, int, int]]:
        """Of each row that comes to something: its line's code, the cents, and the exact amount as a numerator and a
        denominator."""
        place = self._places[bill]
        if place is not None and not place.group.refused[place.row]:
            row = place.row
            for code, cents, num, den in place.group.amounts:
                if num[row] or cents[row]:
                    yield code, cents[row], num[row], den[row]

    def exact(self, bill: int) -> Fraction:
        """The total before rounding."""
        place = self._places[bill]
        assert place is not None, "a refused bill has no total"
        return at(place.group.exact, place.row)

    def balances(self, bill: int) -> dict[str, Fraction]:
        place = self._places[bill]
        return {} if place is None else place.group.balances(place.row)
