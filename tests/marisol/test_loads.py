"""Loads are pure: the same each time, whole on days of 23 and 25 hours, and with the stories in them."""

from datetime import date, timedelta

import numpy as np
import pytest

from lamplighter.intervals.slots import DAY, slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.town.calendar import ZONE
from lamplighter.town.keyloads import FRIDAY, STORIES, THURSDAY, TUESDAY, KeyLoad
from lamplighter.town.loads import Home, Site, Step, counts, dials, kilowatts
from lamplighter.town.weather import cooling, heating, sunshine, temperatures

YEAR = Period(date(2025, 10, 1), date(2026, 11, 20))
QUARTERS = slot_calendar(YEAR, seconds=900, zone=ZONE)
HOURS = slot_calendar(YEAR, seconds=3600, zone=ZONE)
LOCAL_DAYS = slot_calendar(YEAR, seconds=DAY, zone=ZONE)
SPRING, AUTUMN = date(2026, 3, 8), date(2025, 11, 2)
HOME = Home(7, base=0.2, active=0.9, cool=0.05)


def loads():
    return [
        HOME, Home(8, 0.2, 0.9, "night", car=9.0, solar=4.0), Site(9, "restaurant", 20, 60, 0.4),
        *(KeyLoad(name, 3) for name in STORIES),
    ]  # fmt: skip


@pytest.mark.parametrize("load", loads(), ids=lambda load: getattr(load, "name", type(load).__name__))
def test_the_same_load_is_the_same_each_time(load):
    once, again = kilowatts(load, QUARTERS), kilowatts(load, QUARTERS)
    assert np.array_equal(once, again)
    assert once.shape == (QUARTERS.slots,)
    assert np.isfinite(once).all()


@pytest.mark.parametrize("load", loads(), ids=lambda load: getattr(load, "name", type(load).__name__))
def test_what_is_counted_is_what_was_drawn(load):
    """Each slot is rounded by itself: half a count away at most."""
    delivered, received = counts(load, QUARTERS)
    wh = kilowatts(load, QUARTERS) * 250
    assert (delivered * received == 0).all(), "a slot is delivered or received"
    assert np.abs(delivered - received - wh).max() <= 0.5
    assert abs((delivered - received).sum() - wh.sum()) <= QUARTERS.slots / 2


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 4), 24)])
def test_days_are_as_long_as_they_are(day, hours):
    for calendar, each in ((HOURS, 1), (QUARTERS, 4)):
        slots = calendar.slots_of(day)
        assert len(counts(HOME, calendar)[0][slots]) == hours * each


def test_brewing_peaks_on_tuesdays_and_thursdays_at_a_quarter_past_ten():
    kw = kilowatts(KeyLoad("kelp-and-kettle", 1), QUARTERS)
    top = int(np.argmax(kw))
    assert kw[top] == 412
    assert QUARTERS.minutes[top] == 10 * 60 + 15
    assert QUARTERS.day(int(QUARTERS.day_of[top])).weekday() in (TUESDAY, THURSDAY)
    highest = np.argsort(kw)[-60:]
    assert {int(minute) for minute in QUARTERS.minutes[highest]} == {615}
    assert set(QUARTERS.weekdays[highest].tolist()) <= {TUESDAY, THURSDAY}
    assert np.sort(kw)[-2] < 0.8 * 412, "the ratchet holds the rest of the year"
    assert 135 < np.median(kw) < 165


def test_the_brewery_meter_counts_its_top_exactly():
    delivered, _ = counts(KeyLoad("kelp-and-kettle", 1), QUARTERS, multiplier=40)
    assert delivered.max() * 40 * 4 == 412_000


def test_the_school_sends_back_in_july_and_peaks_on_friday_nights():
    kw = kilowatts(KeyLoad("high-school", 2), QUARTERS)
    july = QUARTERS.slots_within(Period(date(2026, 7, 1), date(2026, 8, 1)))
    assert -kw[july][kw[july] < 0].sum() > kw[july][kw[july] > 0].sum()
    top = int(np.argmax(kw))
    assert QUARTERS.weekdays[top] == FRIDAY
    assert QUARTERS.minutes[top] >= 19 * 60


def test_the_hospital_is_flat_but_for_its_generator_tests():
    kw = kilowatts(KeyLoad("hospital", 3), QUARTERS)
    assert abs(kw.mean() - 1900) < 30
    low = np.flatnonzero(kw < 1500)
    assert {int(QUARTERS.weekdays[slot]) for slot in low} == {TUESDAY}
    assert {int(QUARTERS.minutes[slot]) // 60 for slot in low} == {13}
    assert len(low) == 4 * 14, "the first Tuesday of each month"


def test_a_pump_that_runs_by_night_is_a_step_of_its_kilowatts():
    since = date(2026, 9, 20)
    plain = kilowatts(HOME, HOURS)
    pump = kilowatts(Home(7, 0.2, 0.9, cool=0.05, step=Step(0.9, since, (22, 6))), HOURS)
    night = (HOURS.minutes >= 22 * 60) | (HOURS.minutes < 6 * 60)
    begun = np.arange(HOURS.slots) >= HOURS.slots_of(since).start
    assert np.allclose(pump - plain, 0.9 * (night & begun))


def test_dials_go_up_by_what_was_used_and_start_again_at_nought():
    shown = dials(HOME, LOCAL_DAYS, start=99_900)
    assert shown[0] == 99_900
    assert len(shown) == LOCAL_DAYS.slots + 1
    delivered, _ = counts(HOME, LOCAL_DAYS)
    assert (int(shown[-1]) - 99_900) % 100_000 == delivered.sum() // 1000
    assert shown.max() < 100_000
    assert (np.diff(shown) < 0).sum() == 1


def test_the_weather_has_a_hot_week_and_a_cold_snap():
    means = temperatures(LOCAL_DAYS)
    hot = LOCAL_DAYS.slots_within(Period(date(2026, 9, 14), date(2026, 9, 21)))
    cold = LOCAL_DAYS.slots_within(Period(date(2026, 1, 8), date(2026, 1, 15)))
    assert means[hot].mean() > means.mean() + 15
    assert means[cold].mean() < means.mean() - 12
    assert cooling(LOCAL_DAYS)[hot].sum() > 0.5 * cooling(LOCAL_DAYS).sum()
    assert heating(LOCAL_DAYS)[cold].mean() > 8


def test_a_days_weather_follows_from_its_date_alone():
    week = Period(date(2026, 9, 10), date(2026, 9, 17))
    calendar = slot_calendar(week, seconds=3600, zone=ZONE)
    assert np.array_equal(temperatures(calendar), temperatures(HOURS)[HOURS.slots_within(week)])


def test_the_sun_shines_by_day():
    shine = sunshine(HOURS)
    assert shine.min() >= 0
    assert 0.6 < shine.max() <= 1
    assert (shine[(HOURS.minutes < 4 * 60) | (HOURS.minutes >= 21 * 60)] == 0).all()


@pytest.mark.parametrize("load", [HOME, Site(9, "shop", 2, 6)], ids=["home", "shop"])
def test_days_and_hours_tell_much_the_same(load):
    daily = kilowatts(load, LOCAL_DAYS).mean()
    hourly = kilowatts(load, HOURS).mean()
    assert abs(daily / hourly - 1) < 0.06


def test_every_day_of_a_leap_year_has_its_load():
    leap = Period(date(2028, 2, 27), date(2028, 3, 2))
    calendar = slot_calendar(leap, seconds=900, zone=ZONE)
    assert calendar.days == 4
    assert (kilowatts(KeyLoad("data-centre", 5), calendar) > 1100).all()
    assert leap.start + timedelta(days=2) == date(2028, 2, 29)
