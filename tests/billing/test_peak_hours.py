"""Demand when the system peaked: an adopted hour, the account's own readings in it, a bill that says so."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Parked, Segment
from lamplighter.billing.queries.explaining import explain
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.control import controls
from lamplighter.kernel.periods import Period
from tests.town import DANA, FLAT, ZONE

CP = """
[tariff]
utility = "Test Town Power"
code = "CP"
name = "Coincident peak"
rider = true
valid_from = {first}

[calendar.peak_hours]
from = {first}
until = {until}
hours = {hours}
told_by = "the balancing authority's settlement"

[rounding]
rule = "once"
stated = true

[[line]]
code = "cp"
label = "Demand at the system's peak"
quantity = "coincident kW"
unit = "$/kW"
price = {price}
gl = "revenue.energy"
"""
JULY = Period(date(2026, 7, 1), date(2026, 8, 1))


def rider(first, until, *hours, price="9.50"):
    return CP.format(first=first, until=until, price=price, hours=json.dumps(hours))


@pytest.fixture
def works(town):
    """Kettle runs 100 kW, 180 in the system's hour of July 14 at five, 240 in an hour that was none."""
    home = town.on("2026-07-01").moves_in("Kettle", town.adopts(FLAT), interval=900)
    schedule = town.adopts(rider("2026-07-01", "2026-08-01", "2026-07-14 17:00"), "cp_2026-07.toml")
    accounts.add_rider(agreement=home.agreement, schedule=schedule, on=date(2026, 7, 1), by=DANA, at=town.at)
    days = Period(date(2026, 7, 1), date(2026, 9, 1))
    quarters = np.full(slot_calendar(days, seconds=900, zone=ZONE).slots, 25_000)
    quarters[quarter(date(2026, 7, 14), 17) : quarter(date(2026, 7, 14), 18)] = [40_000, 45_000, 46_000, 49_000]
    quarters[quarter(date(2026, 7, 20), 12) : quarter(date(2026, 7, 20), 13)] = 60_000
    quarters[quarter(date(2026, 8, 5), 18) : quarter(date(2026, 8, 5), 19)] = 30_000
    town.uses("Kettle", days, quarters)
    return town


def quarter(day, hour):
    return ((day - date(2026, 7, 1)).days * 24 + hour) * 4


def line(segment):
    return next(one for one in lines_told(segment.statement) if one["code"] == "cp")


def test_the_bill_has_the_demand_of_the_hour_in_which_the_system_peaked(works):
    """40 + 45 + 46 + 49 kWh in that hour are 180 kW, not the account's own 240: 180 x 9.50 = 1,710.00."""
    works.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    segment = Segment.objects.get()
    found = line(segment)
    assert (Decimal(found["quantity"]), found["unit"], Decimal(found["exact"])) == (180, "kW", 1710)
    assert any("Jul 14, 2026, 17:00 to 18:00" in step["words"] for step in found["steps"])
    assert [one.difference for one in recompute_all()] == [""]
    assert not [control for control in controls() if control.differences]


def test_a_bill_waits_until_the_hour_of_its_days_is_adopted(works):
    """July's hour tells nothing of August. With August's, a bill over both months has each at its own price."""
    works.on("2026-08-16").bills("2026-08-01", "2026-08-16")
    parked = Parked.objects.get()
    assert parked.code == "rating.peak-hours.unknown"
    assert "recorded for 2026-07-01 to 2026-07-31" in parked.message
    august = rider("2026-08-01", "2026-09-01", "2026-08-05 18:00", price="10")
    works.adopts(august, "cp_2026-08.toml")
    works.on("2026-08-17").bills("2026-08-01", "2026-08-16")
    segment = Segment.objects.get()
    assert segment.period == Period(date(2026, 7, 1), date(2026, 8, 16))
    rows = [one for one in lines_told(segment.statement) if one["code"] == "cp"]
    assert [(Decimal(one["quantity"]), Decimal(one["exact"])) for one in rows] == [(180, 1710), (120, 1200)]
    assert [one.difference for one in recompute_all()] == [""]


def test_days_in_which_the_system_did_not_peak_have_no_such_demand(works):
    works.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    works.adopts(rider("2026-08-01", "2026-09-01"), "cp_2026-08.toml")
    works.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    found = line(Segment.objects.order_by("period").last())
    assert (Decimal(found["quantity"]), Decimal(found["exact"])) == (0, 0)
    assert any("no peak hour of the system was in these days" in step["words"] for step in found["steps"])


def test_the_line_is_explained_by_the_readings_of_that_hour(works):
    works.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    (why,) = explain(segment=Segment.objects.get(), line="cp")
    (measured,) = why.measures
    assert (measured.value, measured.words) == (180, "Energy taken from the grid, the system's peak hour")
    assert [(day.day, day.energy) for day in measured.days if day.energy] == [(date(2026, 7, 14), 180)]
