"""The figures of a meter test: averages, limits, what makes bills right, and which meters of a lot are tested."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.metering.rules import (
    IN_SERVICE,
    LEAST,
    Verdict,
    average,
    corrected,
    new_meters,
    sample_of,
    sample_size,
    wrong_since,
)

LOADS = st.decimals(25, 200, places=2)


@pytest.mark.parametrize(("full", "light", "whole", "verdict"), [
    ("100", "100", "100", Verdict.IN_LIMITS),
    ("102", "102", "102", Verdict.IN_LIMITS),
    ("102.5", "100.01", "102.002", Verdict.FAST),  # (4 x 102.5 + 100.01) / 5
    ("101", "106", "102", Verdict.IN_LIMITS),  # light load alone does not make it fast
    ("98", "98", "98", Verdict.IN_LIMITS),
    ("98", "97.99", "97.998", Verdict.SLOW),
    ("0", "0", "0", Verdict.SLOW),
])  # fmt: skip
def test_full_load_counts_four_times_and_two_percent_are_borne(full, light, whole, verdict):
    assert average(Decimal(full), Decimal(light)) == Decimal(whole)
    assert IN_SERVICE.judge(average(Decimal(full), Decimal(light))) is verdict


def test_a_new_meter_of_a_class_is_judged_by_the_class():
    half = new_meters(Decimal("0.5"))
    assert [half.judge(Decimal(one)) for one in ("99.5", "100.5", "100.51", "99.49")] == [
        Verdict.IN_LIMITS, Verdict.IN_LIMITS, Verdict.FAST, Verdict.SLOW,
    ]  # fmt: skip


def test_a_fast_meter_takes_a_smaller_multiplier_and_a_dead_one_none():
    assert corrected(Decimal(40), Decimal("104.17")) == Decimal("38.398771")  # 4000 / 104.17
    assert corrected(Decimal(1), Decimal(96)) == Decimal("1.041667")
    assert corrected(Decimal(1), Decimal("24.99")) is None


@given(registration=LOADS, used=st.integers(1, 10_000_000))
def test_what_was_shown_times_the_corrected_multiplier_is_what_was_used(registration, used):
    factor = corrected(Decimal(1), max(registration, LEAST))
    assert factor is not None
    shown = used * max(registration, LEAST) / 100
    assert abs(shown * factor - used) <= Decimal(used) / 100_000


def test_where_nobody_knows_since_when_half_of_the_days_count():
    assert wrong_since(date(2026, 11, 20), known_right=date(2026, 9, 1)) == date(2026, 10, 11)  # 80 days, 40 of them
    assert wrong_since(date(2026, 11, 20), known_right=date(2026, 11, 20)) == date(2026, 11, 20)


@pytest.mark.parametrize(("meters", "tested"), [(1, 1), (8, 2), (9, 3), (90, 13), (91, 20), (500, 50), (2000, 200)])
def test_how_many_of_a_lot_are_tested(meters, tested):
    assert sample_size(meters) == tested


def test_the_lots_number_chooses_which_and_nobody_else():
    badges = [f"E-{number}" for number in range(90)]
    chosen = sample_of(badges, lot="EST-2026-7", count=13)
    assert len(set(chosen)) == 13
    assert chosen == sample_of(list(reversed(badges)), lot="EST-2026-7", count=13)
    assert chosen != sample_of(badges, lot="EST-2026-8", count=13)
