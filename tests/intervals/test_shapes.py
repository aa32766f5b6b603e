"""What a load curve tells: its figures, its habits, and what is odd in it."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lamplighter.intervals.curves import shapes
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.oddities import Oddity, oddities
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period

ZONE = ZoneInfo("America/Los_Angeles")
YEAR = Period(date(2025, 9, 1), date(2026, 9, 1))
CALENDAR = slot_calendar(YEAR, seconds=900, zone=ZONE)
NOISE = np.random.default_rng(11).normal(0, 1, CALENDAR.slots)
DAYTIME = (CALENDAR.minutes >= 420) & (CALENDAR.minutes < 1080)


def curve(kw, kvar=None):
    """Kilowatts by slot, in counts of 10 Wh."""
    counts = np.rint(np.broadcast_to(kw, (CALENDAR.slots,)) * 25).astype(np.int64)
    everywhere = np.ones(CALENDAR.slots, dtype=np.bool_)
    reactive = None if kvar is None else np.rint(np.broadcast_to(kvar, (CALENDAR.slots,)) * 25).astype(np.int64)
    return LoadCurve(CALENDAR, Decimal("0.01"), np.maximum(counts, 0), np.maximum(-counts, 0), everywhere, ~everywhere,
                     reactive)  # fmt: skip


def kinds(kw, **more):
    return {one.kind: one for one in oddities(curve(kw, **more))}


def test_figures_of_a_flat_load():
    found = shapes.figures(curve(100, kvar=75))
    assert (found.peak_kw, found.mean_kw, found.base_kw, found.load_factor) == (100, 100, 100, 1)
    assert found.kwh == 8760 * 100
    assert found.power_factor == pytest.approx(0.8)


def test_a_heat_map_has_a_gap_where_spring_skips_an_hour():
    cells = shapes.heat_map(curve(10 + CALENDAR.minutes / 60))
    assert cells.shape == (365, 24)
    assert np.isnan(cells[(date(2026, 3, 8) - YEAR.start).days, 2])
    assert np.isnan(cells).sum() == 1
    assert cells[0, 6] == pytest.approx(16.375, abs=0.05)


def test_duration_falls_from_the_highest_to_the_lowest():
    found = shapes.duration(curve(100 + 20 * DAYTIME))
    assert (found[0], found[-1]) == (120, 100)
    assert (np.diff(found) <= 0).all()


def test_peaks_that_share_a_time_are_told_as_a_habit():
    kettle = np.isin(CALENDAR.weekdays, (1, 3)) & (CALENDAR.minutes == 615)
    peaks = shapes.top_peaks(curve(140 + NOISE + 150 * kettle))
    assert len({peak.day for peak in peaks}) == 10
    assert shapes.habit_of(peaks) == "10 of the 10 highest are at 10:15 am on Tuesdays and Thursdays."
    assert shapes.habit_of(shapes.top_peaks(curve(140 + 5 * NOISE))) == ""


@pytest.mark.parametrize(("weekdays", "told"), [
    ((1, 3), "9 of the 10 highest are at 10:15 am on Tuesdays and Thursdays."),
    ((1,), "9 of the 10 highest are at 10:15 am on Tuesdays."),
    (range(7), "10 of the 10 highest are at 10:15 am."),
])  # fmt: skip
def test_one_peak_of_another_weekday_does_not_hide_a_habit(weekdays, told):
    friday = CALENDAR.day_of == (date(2026, 5, 15) - YEAR.start).days
    start = (np.isin(CALENDAR.weekdays, list(weekdays)) | friday) & (CALENDAR.minutes == 615)
    peaks = shapes.top_peaks(curve(140 + NOISE + 150 * start + 50 * (start & friday)))
    assert shapes.habit_of(peaks) == told


def test_days_that_reached_a_level_are_named():
    high = (CALENDAR.minutes == 615) & np.isin(CALENDAR.day_of, (3, 40))
    found = shapes.days_reaching(curve(30 + 20 * high), 50)
    assert [(day - YEAR.start).days for day in found] == [3, 40]
    assert not shapes.days_reaching(curve(30 + 20 * high), 50.1)


def test_nothing_is_odd_in_an_ordinary_shop():
    assert kinds(60 + 40 * DAYTIME + NOISE) == {}


def test_refrigeration_that_wears_drifts():
    found = kinds(60 + 40 * DAYTIME + NOISE + np.linspace(0, 26, CALENDAR.slots))[Oddity.DRIFT]
    assert found.kw == pytest.approx(26, abs=2)
    assert "rose steadily" in found.words


def test_a_machine_that_was_added_steps():
    found = kinds(60 + NOISE + 30 * (CALENDAR.day_of >= 200))[Oddity.STEP]
    assert found.kw == pytest.approx(30, abs=1)
    assert abs((found.on - YEAR.start).days - 200) <= 7


def test_nights_that_were_left_on():
    left = np.isin(CALENDAR.day_of, (40, 41, 42))
    found = kinds(20 + 40 * (DAYTIME | left) + NOISE)[Oddity.LEFT_ON]
    assert found.on == date(2025, 10, 11)
    assert found.words.startswith("On 3 nights (first October 11)")


def test_a_roof_sends_back_more_than_comes_in_and_fridays_are_lit():
    months = np.array([day.month for day in YEAR])[CALENDAR.day_of]
    sun = 200 * np.clip(np.sin((CALENDAR.minutes / 60 - 6) / 12 * np.pi), 0, 1) * np.where(months == 7, 1, 0.2)
    lights = 150 * ((CALENDAR.weekdays == 4) & (CALENDAR.minutes >= 1140) & (CALENDAR.minutes < 1320))
    found = kinds(30 + NOISE + lights - sun)
    assert found[Oddity.EXPORT].on == date(2026, 7, 1)
    assert found[Oddity.WEEKLY].words.startswith("Friday evenings stand out")


def test_a_cold_store_cools_by_night_with_a_poor_power_factor():
    night = (CALENDAR.minutes < 360) | (CALENDAR.minutes >= 1320)
    kw = 520 + 390 * night + NOISE
    found = kinds(kw, kvar=kw * 0.698)
    assert found[Oddity.NIGHTLY].words.startswith("Nights are above days: 9")
    assert "The power factor is 0.82" in found[Oddity.POWER_FACTOR].words


def test_generators_that_are_tested_are_told_with_their_day():
    first = np.array([day.day <= 7 for day in YEAR])[CALENDAR.day_of]
    tested = first & (CALENDAR.weekdays == 1) & (CALENDAR.minutes // 60 == 13)
    found = kinds(200 + NOISE - 80 * tested)[Oddity.DIPS]
    assert found.words.startswith(
        "On 12 days the load fell by 80 kW from 1 pm, each time on the first Tuesday of a month"
    )
    weekly = (CALENDAR.weekdays == 1) & (CALENDAR.minutes // 60 == 6)
    assert "each time on Tuesdays" in kinds(200 + NOISE - 80 * weekly)[Oddity.DIPS].words
    now_and_then = np.isin(CALENDAR.day_of, (10, 55, 101, 190, 280)) & (CALENDAR.minutes // 60 == 13)
    assert Oddity.DIPS not in kinds(200 + NOISE - 80 * now_and_then), "no two of the same weekday: no habit"


def test_bursts_of_one_interval_are_told_and_not_longer_ones():
    calls = np.isin(CALENDAR.minutes, (480, 600, 720))
    found = kinds(20 + NOISE + 100 * calls)[Oddity.BURSTS]
    assert found.words.startswith(
        "The load comes in bursts: 3 times a day it is near 120 kW for one interval of 15 minutes"
    )
    assert Oddity.BURSTS not in kinds(20 + NOISE + 100 * DAYTIME)


def test_a_cap_holds_a_level_in_some_slots_or_all():
    mine = curve(100 + 50 * DAYTIME)
    assert shapes.figures(shapes.capped(mine, 120)).peak_kw == 120
    assert shapes.figures(shapes.capped(mine, 120, np.arange(96))).peak_kw == 150
