"""Clocks: minutes, any set of week-days, wrapping windows, holidays; seasons by date."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, asks, load_of_kw, measure_all, price
from lamplighter.rating.determinants import Determinant, What
from tests.rating.writing import findings, tariff

CLOCK = """
[calendar.holidays]
observed = "nearest-weekday"
days = ["Independence Day"]

[[calendar.clock]]
name = "hours"
holidays = {rule}

[[calendar.clock.period]]
name = "peak"
label = "Peak"
windows = [{{ days = "Mon-Sat", from = "08:30", to = "21:30" }}]

[[calendar.clock.period]]
name = "off"
label = "Off"

[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = {{ by = "period", peak = 0.5, off = 0.1 }}
"""
SUSPENDED = CLOCK.format(rule='{ suspend = ["peak"], become = "off" }')


def clock(text=SUSPENDED):
    return tariff(text).clocks[0]


@pytest.mark.parametrize(
    ("day", "minute", "name"),
    [
        (date(2026, 7, 1), 8 * 60 + 29, "off"),
        (date(2026, 7, 1), 8 * 60 + 30, "peak"),
        (date(2026, 7, 1), 21 * 60 + 29, "peak"),
        (date(2026, 7, 1), 21 * 60 + 30, "off"),
        (date(2026, 7, 11), 12 * 60, "peak"),  # a Saturday
        (date(2026, 7, 12), 12 * 60, "off"),
    ],
)
def test_a_period_has_minutes_and_any_set_of_days(day, minute, name):
    assert clock().at(day, minute) == name


def test_a_holiday_on_a_saturday_is_observed_on_friday():
    assert clock().at(date(2026, 7, 3), 12 * 60) == "off"
    assert clock().at(date(2026, 7, 4), 12 * 60) == "peak"


def test_holidays_may_run_like_a_sunday():
    assert clock(CLOCK.format(rule='"like Sunday"')).at(date(2026, 7, 3), 12 * 60) == "off"


SRP = """
[calendar.holidays]
observed = "nearest-weekday"
days = ["Independence Day"]
[[calendar.clock]]
holidays = { suspend = ["peak"], become = "off" }
[[calendar.clock.period]]
name = "peak"
windows = [
  { days = "Mon-Fri", from = "05:00", to = "09:00", months = [11, 12, 1, 2, 3, 4] },
  { days = "Mon-Fri", from = "17:00", to = "21:00", months = [11, 12, 1, 2, 3, 4] },
  { days = "Mon-Fri", from = "14:00", to = "20:00", months = [5, 6, 7, 8, 9, 10] },
]
[[calendar.clock.period]]
name = "off"
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
price = { by = "period", peak = 0.1209, off = 0.0891 }
"""


@pytest.mark.parametrize(("day", "kwh"), [(date(2026, 1, 7), [8, 16]), (date(2026, 7, 3), [0, 24])])
def test_salt_rivers_winter_day_and_observed_holiday(day, kwh):
    """8 x .1209 = .97 and 16 x .0891 = 1.43 on a Wednesday; all off peak on 3 July 2026, for 4 July is a Saturday."""
    found, period = tariff(SRP), Period(day, day + timedelta(days=1))
    load = load_of_kw(ZoneInfo("America/Phoenix"), day, 60, [Decimal(1)] * 24)
    priced = price(found, BillInput(period), measure_all(load, asks(found, BillInput(period))))
    assert [line.quantity for line in priced.lines] == kwh
    if day.month == 1:
        assert [line.amount.cents for line in priced.lines] == [97, 143]


def test_a_window_may_run_over_midnight():
    night = tariff(
        """
[[calendar.clock]]
[[calendar.clock.period]]
name = "night"
windows = [{ from = "22:00", to = "06:00" }]
[[calendar.clock.period]]
name = "day"
windows = [{ from = "06:00", to = "22:00" }]
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = { by = "period", night = 0.1, day = 0.2 }
"""
    ).clocks[0]
    assert [night.at(date(2026, 1, 1), hour * 60) for hour in (0, 5, 6, 21, 22)] == [
        "night", "night", "day", "day", "night",
    ]  # fmt: skip


def test_overlapping_hours_are_found_with_their_minute():
    text = SUSPENDED.replace(
        'windows = [{ days = "Mon-Sat", from = "08:30", to = "21:30" }]',
        'windows = [{ from = "08:00", to = "12:00" }, { from = "11:45", to = "13:00" }]',
    )
    assert any("both run at 11:45" in finding for finding in findings(text))


def test_hours_without_a_period_are_found():
    text = SUSPENDED.replace(
        'name = "off"\nlabel = "Off"', 'name = "off"\nwindows = [{ from = "00:00", to = "08:30" }]'
    )
    assert any("No period runs from" in finding or "both run" in finding for finding in findings(text))


def test_days_in_no_season_and_in_two_are_found():
    seasons = """
[calendar]
seasons_by = "date"
[[calendar.season]]
name = "summer"
from = "06-01"
to = "{end}"
[[calendar.season]]
name = "winter"
from = "10-01"
to = "05-31"
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = {{ by = "season", summer = 1, winter = 2 }}
"""
    assert findings(seasons.format(end="09-30")) == []
    assert any("30 September is in no season" in found for found in findings(seasons.format(end="09-29")))
    assert any("is in summer and winter" in found for found in findings(seasons.format(end="10-02")))


def test_equal_clocks_have_equal_keys_and_different_ones_differ():
    one, same = clock(), clock()
    other = clock(SUSPENDED.replace("21:30", "21:00"))
    keys = [Determinant(What.KWH, clock=each, periods=("peak",)).key for each in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0].startswith("kWh/delivered/hours#")
