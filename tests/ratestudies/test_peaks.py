"""The highest hour of a month, on days whose truth is known: terms are found, the range holds, nothing looks ahead."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from lamplighter.ratestudies.forecasting import Hindsight, Range, TooShort
from lamplighter.ratestudies.peaks import (
    Day,
    fit_days,
    held_honestly,
    peak_of,
    peaks_in_hindsight,
    widening,
)

BEGAN = date(2025, 1, 1)


def days(count, *, noise=0.0, seed=1, first=BEGAN):
    """kW = 500 + 4 a degree too cold + 9 a degree too hot, 120 less on a day off."""
    lot = np.random.default_rng(seed)
    made = []
    for at in range(count):
        day = first + timedelta(days=at)
        turn = np.cos(day.timetuple().tm_yday / 365 * 2 * np.pi)
        heating, cooling = max(14 * turn, 0) + lot.uniform(0, 3), max(-9 * turn, 0) + lot.uniform(0, 3)
        kw = 500 + 4 * heating + 9 * cooling - 120 * (day.weekday() >= 5) + lot.normal(0, noise)
        made.append(Day(day, heating, cooling, kw))
    return made


def test_level_weather_and_days_off_are_found():
    found = fit_days(days(365))
    assert dict(zip(found.terms, found.values, strict=True)) == pytest.approx(
        {"level": 500, "heating": 4, "cooling": 9, "off": -120}
    )


def test_the_range_of_a_months_peak_holds_eight_times_in_ten():
    held = []
    for seed in range(150):
        whole = days(395, noise=15, seed=seed)
        foretold = peak_of(fit_days(whole[:365]), [whole[365:]])
        held.append(foretold.low <= max(one.kw for one in whole[365:]) <= foretold.high)
    assert 0.7 <= np.mean(held) <= 0.9


def test_a_months_peak_is_the_highest_of_its_days_not_the_usual_one():
    whole = days(365, noise=15)
    usual = max(one.kw for one in days(31, seed=7, first=date(2026, 1, 1)))
    assert peak_of(fit_days(whole), [days(31, seed=7, first=date(2026, 1, 1))]).middle > usual


def test_several_years_of_weather_widen_the_range():
    found = fit_days(days(365, noise=15))
    mild, hard = (
        [Day(one.day, one.heating * by, 0) for one in days(31, seed=3, first=date(2026, 1, 1))] for by in (0.2, 1.0)
    )
    alone, both = peak_of(found, [hard]), peak_of(found, [mild, hard])
    assert both.low < alone.low
    assert both.high == pytest.approx(alone.high, rel=0.02)


def test_heat_beyond_any_that_was_seen_is_not_drawn_out():
    winter = days(150)
    hottest = max(one.cooling for one in winter)
    found = fit_days(winter)
    july = date(2026, 7, 6)
    assert peak_of(found, [[Day(july, 0, 40)]]) == peak_of(found, [[Day(july, 0, hottest)]])


def test_hindsight_never_looks_ahead_and_needs_whole_months():
    whole = days(300, noise=15)
    changed = [*whole[:-1], Day(whole[-1].day, whole[-1].heating, whole[-1].cooling, 5_000)]
    before, after = peaks_in_hindsight(whole), peaks_in_hindsight(changed)
    assert [one.foretold for one in before] == [one.foretold for one in after]
    assert [one.month for one in before] == [date(2025, month, 1) for month in (7, 8, 9, 10)]
    assert after[-1].actual == 5_000
    assert not peaks_in_hindsight(whole[:200])


def moody(seed, months=13):
    """Days of a class whose months are higher or lower as a whole, by some 8 %, for reasons that no day tells."""
    lot = np.random.default_rng(1000 + seed)
    mood = dict(zip(range(months), lot.normal(1, 0.08, months), strict=True))
    return [
        Day(one.day, one.heating, one.cooling, one.kw * mood[(one.day.year - 2025) * 12 + one.day.month - 1])
        for one in days(395, noise=15, seed=seed)
    ]


def test_what_hindsight_taught_makes_ranges_hold_that_chance_alone_leaves_too_narrow():
    narrow, wide, tried_of = [], [], []
    for seed in range(80):
        classes = {name: moody(3 * seed + name) for name in range(3)}
        tried = {name: peaks_in_hindsight(whole[:365]) for name, whole in classes.items()}
        by = widening(tried)
        for whole in classes.values():
            told, actual = peak_of(fit_days(whole[:365]), [whole[365:]]), max(one.kw for one in whole[365:])
            narrow.append(told.low <= actual <= told.high)
            wide.append(told.wider(by).low <= actual <= told.wider(by).high)
        tried_of += [one.strayed <= 1 for several in held_honestly(tried).values() for one in several]
    assert np.mean(narrow) < 0.6, "else there is nothing to teach"
    assert 0.75 <= np.mean(wide) <= 0.92
    assert 0.75 <= np.mean(tried_of) <= 0.92, "the page tells the same of the months that were tried"


def test_ranges_that_hold_stay_and_a_month_has_no_say_in_its_own():
    still = [Hindsight(date(2025, month, 1), 100, Range(90, 100, 110)) for month in range(1, 7)]
    assert widening({"a": still}) == 1
    odd = Hindsight(date(2025, 7, 1), 140, Range(90, 100, 110))
    assert widening({"a": [*still, odd]}) == 4.0, "of seven the rank is ceil(8 x 0.8) = 7: the farthest"
    assert widening({"a": [*still, odd]}, but=odd.month) == 1
    shown = held_honestly({"a": [*still, odd]})["a"]
    assert shown[-1].foretold == Range(90, 100, 110)
    assert shown[0].foretold == Range(60, 100, 140)


def test_of_fewer_than_four_months_nothing_is_learned():
    odd = [Hindsight(date(2025, month, 1), 140, Range(90, 100, 110)) for month in (1, 2, 3)]
    assert widening({"a": odd}) == 1
    assert widening({"a": [*odd, Hindsight(date(2025, 4, 1), 130, Range(90, 100, 110))]}) == 4


def test_too_few_days_are_refused_with_their_number():
    with pytest.raises(TooShort, match="Only 119 days"):
        fit_days(days(119))
