"""A known saving is found in a load with weather and noise; a load that the weather does not explain is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.intervals.curves.verifying import CannotVerify, Days, verify
from lamplighter.kernel.periods import Period

BEFORE, AFTER = Period(date(2025, 3, 1), date(2026, 3, 1)), Period(date(2026, 3, 2), date(2026, 9, 1))


def days(period, random, *, saved=0.0, noise=40.0):
    """A site of 1,500 to 2,400 kWh a day whose noise lasts from one day to the next."""
    count = period.days
    turn = np.array([day.timetuple().tm_yday for day in period])
    degrees = 58 - 12 * np.cos((turn - 20) / 365 * 2 * np.pi) + random.normal(0, 4, count)
    working = np.array([day.weekday() < 5 for day in period])
    shocks, drift = random.normal(0, noise, count), np.zeros(count)
    for at in range(count):
        drift[at] = 0.4 * drift[at - 1] + shocks[at]
    use = 1500 + 200 * working + 40 * np.maximum(degrees - 62, 0) + 15 * np.maximum(50 - degrees, 0) + drift
    return Days(use * (1 - saved), degrees, working)


def test_the_interval_contains_a_known_saving_nine_times_in_ten():
    inside = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        before = days(BEFORE, random)
        found = verify(before, days(AFTER, random, saved=0.08))
        true = 0.08 * float(before.kwh.mean()) * 365
        inside += abs(found.kwh - true) <= found.off_kwh
        assert found.share == pytest.approx(0.08, abs=0.02)
        assert found.off_kwh < true / 2, "it says something"
    assert inside / 200 == pytest.approx(0.9, abs=0.04)


def test_nothing_saved_is_nothing_found():
    random = np.random.default_rng(7)
    found = verify(days(BEFORE, random), days(AFTER, random))
    assert abs(found.kwh) <= 2 * found.off_kwh


def test_missing_days_are_left_out_and_too_few_are_refused():
    random = np.random.default_rng(3)
    before, after = days(BEFORE, random), days(AFTER, random, saved=0.1)
    before.kwh[10:40] = np.nan
    assert verify(before, after).before == 335
    after.degrees[50:] = np.nan
    with pytest.raises(CannotVerify, match="50 days since"):
        verify(before, after)
    before.kwh[:100] = np.nan
    with pytest.raises(CannotVerify, match="of the year before"):
        verify(before, after)


def test_a_load_that_nothing_explains_is_refused():
    random = np.random.default_rng(4)
    with pytest.raises(CannotVerify, match="too much to tell"):
        verify(days(BEFORE, random, noise=900.0), days(AFTER, random))
