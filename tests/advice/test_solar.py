"""A solar year at a named site beside figures that PVWatts gave for it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from lamplighter.advice.kinds.solar import Roof, yields
from lamplighter.advice.surroundings import builtin
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period

# NREL's PVWatts (version 1.0.1 of the service, SSC 34) for 4 kW of premium modules on a roof in Boulder, Colorado, TMY2
# station 94018, inverter 96 %, DC to AC 1.1: as printed in the tests of github.com/mpaolino/pypvwatts
# (pypvwatts/test.py), the first with its sunshine by month, which is the site's, the other by its yearly sum alone.
PUBLISHED = [(40, 180, 10, 6683.645), (30, 190, 0.13, 7263.047)]


@pytest.mark.parametrize(("tilt", "azimuth", "losses", "kwh"), PUBLISHED)
def test_a_solar_year_is_within_five_percent_of_pvwatts(tilt, azimuth, losses, kwh):
    calendar = slot_calendar(Period(date(2018, 1, 1), date(2019, 1, 1)), seconds=3600, zone=ZoneInfo("America/Denver"))
    per_kw = yields(calendar, builtin().site, Roof(tilt, azimuth, losses, 1.1, 96, 0.35))
    assert 4 * per_kw.sum() == pytest.approx(kwh, rel=0.05)
    assert per_kw.max() <= 1 / 1.1 + 1e-9, "the inverter clips"
    assert (per_kw[calendar.minutes < 3 * 60] == 0).all(), "there is no sun at night"


def test_quarter_hours_add_up_to_hours():
    days, roof = Period(date(2025, 6, 1), date(2025, 7, 1)), Roof(20, 180, 14, 1.2, 96, 0.47)
    hours, quarters = (
        yields(slot_calendar(days, seconds=seconds, zone=ZoneInfo("America/Denver")), builtin().site, roof)
        for seconds in (3600, 900)
    )
    assert quarters.sum() / 4 == pytest.approx(hours.sum(), rel=0.01)
