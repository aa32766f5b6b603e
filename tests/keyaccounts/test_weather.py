"""The weather in a load: what heat and cold took, the trend without them, and a station's file taken in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.formats.dayweather import WeatherIn, read_days
from lamplighter.intervals.curves.weather import fit
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import DayWeather
from lamplighter.usage.operations.weather import CannotRecordWeather, record_day_weather
from lamplighter.usage.queries.weather import mean_temperatures

YEAR = Period(date(2025, 9, 1), date(2026, 9, 1))
AT = datetime(2026, 9, 10, 16, tzinfo=UTC)
WORKING = np.array([day.weekday() < 5 for day in YEAR])
DEGREES = 58 - 12 * np.cos((np.arange(365) + 224) / 365 * 2 * np.pi) + np.random.default_rng(5).normal(0, 4, 365)


def load(cooling=30.0, heating=12.0, trend=0.0, noise=20.0):
    random = np.random.default_rng(6).normal(0, noise, 365)
    warm, cold = np.maximum(DEGREES - 66, 0), np.maximum(50 - DEGREES, 0)
    return 2000 + 150 * WORKING + trend * np.arange(365) / 364 + cooling * warm + heating * cold + random


@pytest.mark.parametrize("seed", range(10))
def test_what_heat_and_cold_took_is_found(seed):
    noise = np.random.default_rng(seed).normal(0, 20, 365)
    warm, cold = np.maximum(DEGREES - 66, 0), np.maximum(50 - DEGREES, 0)
    found = fit(load(noise=0) + noise, DEGREES, WORKING)
    assert found.good
    assert (found.cools_above, found.heats_below) == (66, 50)
    assert found.weather_kwh == pytest.approx(float((30 * warm + 12 * cold).sum()), rel=0.05)
    assert abs(found.trend) < 0.01


def test_a_trend_is_told_apart_from_the_weather():
    found = fit(load(trend=400), DEGREES, WORKING)
    assert found.trend == pytest.approx(400 / 2300, abs=0.02)
    quarter = np.nanmean(found.normal[:90]), np.nanmean(found.normal[-90:])
    assert quarter[1] - quarter[0] == pytest.approx(300, abs=30)


def test_a_load_without_weather_is_not_explained_by_it():
    assert not fit(2000 + np.random.default_rng(7).normal(0, 100, 365), DEGREES, WORKING).good


def test_half_a_year_is_too_short():
    known = np.where(np.arange(365) < 150, load(), np.nan)
    assert fit(known, DEGREES, WORKING) is None


@pytest.mark.django_db
def test_a_station_is_taken_in_and_told_again(tmp_path):
    file = tmp_path / "ghcnd.csv"
    file.write_text("STATION,DATE,TMIN,TMAX,TAVG\nX,2026-01-01,41,63,52.5\nX,2026-01-02,40,60,\n")
    days = list(read_days(file))
    assert days[1] == WeatherIn(date(2026, 1, 2), Decimal(40), Decimal(50), Decimal(60))
    with unit_of_work(staff("admin")):
        assert record_day_weather(station="X", days=days, by=staff("admin"), at=AT) == 2
        record_day_weather(station="X", days=days[:1], by=staff("admin"), at=AT)
    assert DayWeather.objects.count() == 2
    found = mean_temperatures(Period(date(2026, 1, 1), date(2026, 1, 4)))
    assert found[:2].tolist() == [52.5, 50]
    assert np.isnan(found[2])


@pytest.mark.parametrize(
    ("text", "why"),
    [("DATE,TMIN\n", "the header lacks high"), ("DATE,TMIN,TMAX\n2026-13-01,1,2\n", "line 2 is not a day")],
)
def test_a_file_that_cannot_be_read_names_the_line(tmp_path, text, why):
    file = tmp_path / "w.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=why):
        list(read_days(file))


@pytest.mark.django_db
def test_a_day_that_is_colder_than_its_lowest_is_refused():
    wrong = WeatherIn(date(2026, 1, 1), Decimal(60), Decimal(50), Decimal(70))
    with pytest.raises(CannotRecordWeather, match="2026-01-01"), unit_of_work(staff("admin")):
        record_day_weather(station="X", days=[wrong], by=staff("admin"), at=AT)
