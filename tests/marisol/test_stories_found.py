"""Each key account's story is in its readings and is found by the analysis, though nobody told it where to look."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.oddities import Oddity, oddities
from lamplighter.intervals.curves.shapes import habit_of, top_peaks
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.rating.availability import why_not
from lamplighter.town.calendar import ZONE
from lamplighter.town.keyaccounts import key_accounts
from lamplighter.town.loads import counts
from tests.rating.test_books import book

TODAY = date(2026, 11, 20)
YEAR = slot_calendar(Period(date(2025, 11, 20), TODAY), seconds=900, zone=ZONE)
ACCOUNTS = {one.key: one for one in key_accounts(TODAY)}


def curve_of(key: str, at: int = 0) -> LoadCurve:
    """A service of an account as its meter counts it."""
    service = ACCOUNTS[key].services[at]
    assert service.load is not None and service.meter is not None
    delivered, received = counts(service.load, YEAR, multiplier=service.meter.multiplier)
    known, unit = np.ones(YEAR.slots, dtype=np.bool_), Decimal(service.meter.multiplier) / 1000
    lag = service.meter.lag
    return LoadCurve(
        YEAR, unit, delivered, received, known, ~known, np.rint(delivered * lag).astype(np.int64) if lag else None
    )


def odd(curve: LoadCurve) -> dict[Oddity, str]:
    return {one.kind: one.words for one in oddities(curve)}


def test_the_brewery_peaks_on_tuesdays_and_thursdays_at_a_quarter_past_ten():
    peaks = top_peaks(curve_of("kelp-and-kettle"))
    assert peaks[0].kw == pytest.approx(412, abs=0.2)
    assert habit_of(peaks).endswith("highest are at 10:15 am on Tuesdays and Thursdays.")
    assert {peak.day.weekday() for peak in peaks[:5]} <= {1, 3}


def test_the_cold_store_has_a_poor_power_factor():
    assert odd(curve_of("northquay"))[Oddity.POWER_FACTOR].startswith("The power factor is 0.82.")


def test_the_school_sends_back_in_july_and_lights_its_fridays():
    found = odd(curve_of("high-school"))
    assert found[Oddity.EXPORT].startswith("In July more went out than came in")
    assert found[Oddity.WEEKLY].startswith("Friday evenings stand out")


def test_the_second_store_drifts_and_the_others_do_not():
    assert [Oddity.DRIFT in odd(curve_of("green-buoy", store)) for store in range(3)] == [False, True, False]


def test_the_bakery_crosses_fifty_kilowatts_and_leaves_its_rate():
    peak = Decimal(top_peaks(curve_of("golden-sampan"))[0].kw)
    assert 50 < peak < 60
    rate = book("GS-1", "2026-07-01")
    assert why_not(rate.available, customer_class="commercial", kw_peak=Decimal(49)) == ""
    assert "50" in why_not(rate.available, customer_class="commercial", kw_peak=peak)


def test_the_hospital_tests_its_generators_on_first_tuesdays():
    told = odd(curve_of("three-herons"))[Oddity.DIPS]
    assert told.startswith("On 12 days the load fell by 848 kW from 1 pm, each time on the first Tuesday of a month")


def test_the_ferry_and_the_fast_chargers_come_in_bursts():
    ferry = odd(curve_of("ferry"))[Oddity.BURSTS]
    assert ferry.startswith("The load comes in bursts: 22 times a day it is near 928 kW for one interval of 15 minutes")
    assert [Oddity.BURSTS in odd(curve_of("green-buoy", store)) for store in range(3)] == [False, False, True]


def test_the_shipyards_welders_make_the_load_jump():
    assert "large machines start and stop" in odd(curve_of("lantern-dock"))[Oddity.RESTLESS]


@pytest.mark.parametrize("key", ["slackwater", "mudflat", "tern-hotel", "saint-orla", "golden-sampan"])
def test_who_has_no_rhythm_of_that_kind_is_told_of_none(key):
    assert {Oddity.DIPS, Oddity.BURSTS, Oddity.RESTLESS}.isdisjoint(odd(curve_of(key)))
