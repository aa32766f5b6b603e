"""Scenarios from words, files and rows; surroundings from files; each fault named."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import scenario_of, scenario_of_stored, scenario_of_toml, scenario_of_words
from lamplighter.advice.surroundings import builtin, surroundings_of
from tests.advice.making import curve_of

SITE = """
[site]
name = "Here"
latitude = 37.8
longitude = -122.3
altitude = 5
wind = 4
tilt = 0
azimuth = 180
sun = [2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2]
mean_f = [50, 52, 54, 56, 58, 60, 62, 63, 63, 60, 55, 50]
swing_f = [14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14]
source = "A test"
"""
CARBON = '[[carbon]]\nsince = {since}\nkg_per_mwh = {value}\nsource = "A test"\n'


def test_words_a_file_and_a_row_say_the_same():
    words = scenario_of_words(["battery.kwh=400", "solar.dc_kw=80"])
    file = scenario_of_toml('[[measure]]\nkind = "battery"\nkwh = 400\n\n[[measure]]\nkind = "solar"\ndc_kw = 80\n')
    assert words.stored() == file.stored() == scenario_of_stored(words.stored()).stored()
    assert [one.kind.name for one in words.loads] == ["solar"]
    assert words.battery.kwh == 400


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["heatpump"], "There is no measure “heatpump”"),
        (["solar.kw=5"], "Solar on the roof has no “kw”. It has: dc_kw"),
        (["solar.dc_kw=much"], "Modules is a number, not “much”"),
        (["solar.dc_kw=nan"], "Modules is from 0.5 to 20000 kW"),
        (["solar.tilt=91"], "Tilt is from 0 to 90 °, not 91"),
        (["solar.dc_kw"], "neither a measure nor measure.name=value"),
        ([], "name a measure"),
    ],
)
def test_what_cannot_be_is_refused_by_name(words, said):
    with pytest.raises(CannotAdvise, match=said):
        scenario_of_words(words)


def test_two_batteries_are_one():
    with pytest.raises(CannotAdvise, match="One battery"):
        scenario_of([{"kind": "battery"}, {"kind": "battery"}])


def test_carbon_factors_hold_from_their_day_on():
    around = surroundings_of(
        SITE + CARBON.format(since="2025-07-01", value=100) + CARBON.format(since="2024-01-01", value=300)
    )
    factors = around.kg_per_kwh(curve_of(1).calendar)
    assert [factors[0], factors[-1]] == [0.3, 0.1]


def test_hourly_factors_go_by_the_clock():
    table = [[hour * 10 for hour in range(24)]] * 12
    around = surroundings_of(SITE + CARBON.format(since="2024-01-01", value=table))
    calendar = curve_of(1).calendar
    assert (around.kg_per_kwh(calendar) == calendar.minutes // 60 * 10 / 1000).all()
    assert around.carbon[0].hourly
    assert not builtin().carbon[0].hourly


def test_a_day_is_as_warm_as_its_month_unless_it_was_measured():
    calendar = curve_of(1).calendar
    around = surroundings_of(SITE + CARBON.format(since="2024-01-01", value=300))
    usual = around.temperatures(calendar)
    assert usual[:24].mean() == pytest.approx(50)
    assert usual[15] == pytest.approx(57, abs=0.1)
    assert around.measured({date(2025, 1, 1): 40.0}).temperatures(calendar)[:24].mean() == pytest.approx(40)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[site", "not TOML"),
        (SITE, "no \\[\\[carbon\\]\\]"),
        (CARBON.format(since="2024-01-01", value=300), "no \\[site\\]"),
        (
            SITE.replace("latitude = 37.8", "latitude = 378") + CARBON.format(since="2024-01-01", value=1),
            "from -66 to 66",
        ),
        (SITE + CARBON.format(since='"soon"', value=1), "carbon.since is a day"),
        (SITE + CARBON.format(since="2024-01-01", value=[[1]]), "twelve rows"),
        (SITE.replace("sun = [2,", "sun = [") + CARBON.format(since="2024-01-01", value=1), "twelve numbers"),
    ],
)
def test_surroundings_that_say_too_little_are_refused(text, said):
    with pytest.raises(CannotAdvise, match=said):
        surroundings_of(text)
