"""The fit on series whose truth is known: it finds the terms, its range holds as often as it says, sums add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.ratestudies.forecasting import Month, Range, TooShort, fit, foretell, in_hindsight, mape, together

DAYS = 3_000.0


def series(count, *, noise=0.0, trend=0.0, seed=1):
    """kWh = 10 + 0.8 a degree too cold + 0.5 a degree too hot + trend a year, by customer-day."""
    lot = np.random.default_rng(seed)
    made = []
    for at in range(count):
        month = date(2023 + at // 12, at % 12 + 1, 1)
        heating = max(12 * np.cos(at % 12 / 12 * 2 * np.pi), 0) + lot.uniform(0, 2)
        cooling = max(-6 * np.cos(at % 12 / 12 * 2 * np.pi), 0) + lot.uniform(0, 1)
        used = 10 + 0.8 * heating + 0.5 * cooling + trend * at / 12 + lot.normal(0, noise)
        made.append(Month(month, DAYS, heating, cooling, used * DAYS))
    return made


def test_level_weather_and_trend_are_found():
    found = fit(series(36, trend=0.3)).said()
    assert found == pytest.approx({"level": 10, "heating": 0.8, "cooling": 0.5, "trend": 0.3})


def test_no_trend_is_told_from_less_than_two_years():
    assert not fit(series(23)).trend
    assert fit(series(24)).trend


def test_a_season_that_is_not_there_is_left_out():
    cool = [Month(one.month, one.days, one.heating, 0, one.kwh) for one in series(13)]
    assert fit(cool).terms == ("level", "heating")


def test_too_short_a_past_is_refused_with_its_length():
    with pytest.raises(TooShort, match="Only 8 months"):
        fit(series(8))


@pytest.mark.parametrize(("known", "trend"), [(13, 0.0), (36, 0.4)])
def test_the_range_of_a_month_holds_eight_times_in_ten(known, trend):
    held = []
    for seed in range(400):
        *past, coming = series(known + 1, noise=0.6, trend=trend, seed=seed)
        foretold = foretell(fit(past), [coming])
        held.append(foretold.low <= coming.kwh <= foretold.high)
    assert 0.74 <= np.mean(held) <= 0.86


def test_the_range_of_a_year_holds_eight_times_in_ten():
    held = []
    for seed in range(400):
        whole = series(36, noise=0.6, trend=0.4, seed=seed)
        foretold = foretell(fit(whole[:24]), whole[24:])
        held.append(foretold.low <= sum(one.kwh for one in whole[24:]) <= foretold.high)
    assert 0.74 <= np.mean(held) <= 0.86


@given(st.integers(13, 40), st.integers(0, 1000))
def test_a_year_is_the_sum_of_its_months_and_its_range_is_not_wider_than_theirs(count, seed):
    found, coming = fit(series(count, noise=1, seed=seed)), series(12, seed=seed + 1)
    year, months = foretell(found, coming), [foretell(found, [one]) for one in coming]
    assert year.middle == pytest.approx(sum(one.middle for one in months))
    assert year.high - year.low <= sum(one.high - one.low for one in months) * (1 + 1e-9)


def test_classes_together_are_their_sum_with_independent_errors():
    assert together([Range(7, 10, 13), Range(16, 20, 24)]) == Range(25, 30, 35)


def test_hindsight_never_looks_ahead():
    whole = series(13, noise=0.5)
    changed = [*whole[:-1], Month(whole[-1].month, DAYS, whole[-1].heating, whole[-1].cooling, 1.0)]
    assert [one.foretold for one in in_hindsight(whole)] == [one.foretold for one in in_hindsight(changed)]
    assert [one.month for one in in_hindsight(whole)] == [one.month for one in whole[6:]]


def test_the_error_in_hindsight_is_the_mean_of_what_was_missed():
    exact = in_hindsight(series(13))
    assert mape(exact) == pytest.approx(0, abs=1e-9)
    assert mape([]) is None
    noisy = in_hindsight(series(36, noise=0.6))
    assert mape(noisy) == pytest.approx(np.mean([abs(one.foretold.middle - one.actual) / one.actual for one in noisy]))
