from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import ZERO, Money, foot, total


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("211.03535475", 21104), ("1.115", 112)],
)
def test_rounding_is_half_up_away_from_zero(dollars, cents):
    assert Money.nearest(Decimal(dollars)) == Money(cents)


def test_a_float_is_refused():
    with pytest.raises(AssertionError):
        Money.nearest(0.1)  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        Money(1.0)  # type: ignore[arg-type]


def test_a_fraction_of_a_cent_is_refused():
    assert Money.exactly("12.34") == Money(1234)
    with pytest.raises(ValueError, match="not a whole number of cents"):
        Money.exactly("0.001")


def test_money_is_written_with_a_true_minus():
    assert str(Money(-1240)) == "−$12.40"
    assert str(Money(123456789)) == "$1,234,567.89"


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_a_split_loses_no_cent(cents, weights):
    shares = Money(cents).split(weights)
    assert total(shares) == Money(cents)
    whole = sum(weights)
    assert all(abs(s.cents - Decimal(cents * w) / whole) < 1 for s, w in zip(shares, weights, strict=True))


@given(st.lists(st.decimals(-10000, 10000, places=7)))
def test_shown_lines_foot_to_the_total_and_none_is_a_cent_off(exact):
    shown = foot(exact)
    assert total(shown) == Money.nearest(sum(exact, Decimal(0)))
    assert all(abs(s.dollars - e) <= Decimal("0.01") for s, e in zip(shown, exact, strict=True))


def test_the_alameda_example_foots_under_both_rounding_rules():
    lines = [Decimal("24.27"), Decimal("171.83433"), Decimal("14.70782475"), Decimal("0.22320")]
    assert total(Money.nearest(line) for line in lines) == Money(21103)
    assert foot(lines) == (Money(2427), Money(17184), Money(1471), Money(22))
    assert total(foot(lines)) == Money(21104)


def test_nothing_foots_to_nothing():
    assert foot([]) == ()
    assert total([]) == ZERO
