"""Who qualifies for a program, until when, and what must still be shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import Money
from lamplighter.programs.rules.qualifying import (
    Basis,
    Guideline,
    PaperKind,
    Said,
    Terms,
    Verdict,
    decide,
    limit_of,
    months_later,
)
from lamplighter.programs.rules.sampling import draw

ON = date(2026, 11, 20)
GUIDELINE = Guideline(Money(1_565_000), Money(550_000), "2025 poverty guidelines, 48 states")
TERMS = Terms(
    frozenset({Basis.CATEGORY, Basis.AGENCY, Basis.INCOME, Basis.DECLARED}), 200, frozenset({"snap", "liheap"}),
    months=24, fixed_months=48,
)  # fmt: skip


def decided(said: Said, *, terms: Terms = TERMS, guideline: Guideline | None = GUIDELINE):
    return decide(said, terms=terms, guideline=guideline, on=ON)


@pytest.mark.parametrize(("people", "limit"), [(1, 3_130_000), (2, 4_230_000), (3, 5_330_000), (8, 10_830_000)])
def test_the_limit_is_a_percentage_of_the_guideline_for_the_household(people, limit):
    """200 % of $15,650 and $5,500 for each other person."""
    assert limit_of(TERMS, GUIDELINE, people) == Money(limit)


def test_a_household_at_the_limit_qualifies_and_a_cent_over_it_does_not():
    at = decided(Said(Basis.DECLARED, 3, Money(5_330_000)))
    over = decided(Said(Basis.DECLARED, 3, Money(5_330_001)))
    assert at.verdict is Verdict.APPROVED
    assert str(at.period) == "2026-11-20 to 2028-11-19"
    assert over.verdict is Verdict.DENIED
    assert over.says == ("$53,300.01 a year is over the limit of $53,300.00 for 3 people.",)
    assert over.period is None


def test_a_fixed_income_qualifies_for_longer():
    assert decided(Said(Basis.DECLARED, 1, Money(0), fixed=True)).period.end == date(2030, 11, 20)


def test_papers_are_asked_for_and_then_decide():
    said = Said(Basis.INCOME, 1, Money(2_000_000))
    asked = decided(said)
    assert (asked.verdict, asked.missing) == (Verdict.MISSING, (PaperKind.INCOME,))
    shown = decided(Said(Basis.INCOME, 1, Money(2_000_000), papers=frozenset({PaperKind.INCOME})))
    assert shown.verdict is Verdict.APPROVED


def test_another_program_opens_this_one_only_if_the_terms_name_it():
    papers = frozenset({PaperKind.CATEGORY})
    assert decided(Said(Basis.CATEGORY, 2, category="snap", papers=papers)).verdict is Verdict.APPROVED
    assert decided(Said(Basis.CATEGORY, 2, category="wic", papers=papers)).verdict is Verdict.DENIED


def test_what_the_terms_do_not_allow_is_refused():
    only = Terms(frozenset({Basis.MEDICAL}), None)
    assert decided(Said(Basis.DECLARED, 1, Money(1)), terms=only).verdict is Verdict.DENIED


def test_without_an_income_table_nobody_qualifies_by_income():
    assert decided(Said(Basis.DECLARED, 1, Money(1)), guideline=None).verdict is Verdict.DENIED


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2024, 2, 29), 24, date(2026, 2, 28)), (date(2026, 8, 31), 6, date(2027, 2, 28)),
     (date(2026, 11, 20), -12, date(2025, 11, 20))],
)  # fmt: skip
def test_months_end_on_a_day_that_exists(day, months, then):
    assert months_later(day, months) == then


@given(st.integers(1, 20), st.integers(0, 50_000_000), st.integers(0, 50_000_000))
def test_who_earns_less_never_fares_worse(people, one, other):
    less, more = sorted((one, other))
    poorer, richer = (decided(Said(Basis.DECLARED, people, Money(cents))) for cents in (less, more))
    assert poorer.verdict is Verdict.APPROVED or richer.verdict is Verdict.DENIED


@given(st.sets(st.integers(1, 10_000), min_size=1), st.integers(1, 30), st.text(min_size=1, max_size=8))
def test_a_sample_is_the_same_whoever_draws_it(keys, size, seed):
    drawn = draw(keys, seed=seed, size=size)
    assert drawn == draw(sorted(keys, reverse=True), seed=seed, size=size)
    assert len(drawn) == len(set(drawn)) == min(size, len(keys))
    assert set(drawn) <= keys


@given(st.sets(st.integers(1, 1000), min_size=2, max_size=50), st.text(min_size=1, max_size=8))
def test_who_joins_later_changes_no_order_among_the_others(keys, seed):
    whole = draw(keys, seed=seed, size=len(keys))
    without = draw(keys - {whole[0]}, seed=seed, size=len(keys))
    assert without == whole[1:]


def test_every_enrollment_is_as_likely_to_be_drawn():
    """Of 40, 10 are drawn under each of 400 seeds: each comes about 100 times, give or take 4.6 standard deviations."""
    times = dict.fromkeys(range(40), 0)
    for seed in range(400):
        for key in draw(range(40), seed=str(seed), size=10):
            times[key] += 1
    assert all(60 < count < 140 for count in times.values())
