"""Lines foot to the total as the kernel's money has it: by largest remainder, the first of equals served first."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import foot
from lamplighter.rating.columnar.column import column, integers, total
from lamplighter.rating.columnar.rounding import count_cents, footed

AMOUNTS = st.one_of(st.integers(-200, 900).map(lambda n: n * 5), st.integers(-(10**9), 10**9))  # tenths of a cent


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(AMOUNTS, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_cents_are_those_of_the_kernel(bills):
    rows = [column(integers(amounts), 1000) for amounts in zip(*bills, strict=True)]
    totals = count_cents(total(rows), len(bills))
    cents = footed(rows, totals, len(bills))
    for i, amounts in enumerate(bills):
        expected = foot([Decimal(amount).scaleb(-3) for amount in amounts])
        assert [int(column[i]) for column in cents] == [money.cents for money in expected]
        assert int(totals[i]) == sum(money.cents for money in expected)


def test_three_thirds_of_a_dollar_make_a_dollar():
    thirds = [Fraction(1, 3)] * 3
    totals = count_cents(total(thirds), 2)
    assert totals.tolist() == [100, 100]
    assert [column.tolist() for column in footed(thirds, totals, 2)] == [[34, 34], [33, 33], [33, 33]]


def test_half_a_cent_goes_away_from_nothing():
    halves = column(np.array([5, -5, 15, 4, -4], dtype=np.int64), 1000)
    assert count_cents(halves, 5).tolist() == [1, -1, 2, 0, 0]
