"""Readings as they come in bad years: a meter exchanged, months missing, stretches estimated. The pages say so plainly,
and refuse where an answer would mislead."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.test import Client

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.peak_costs import peak_costs
from lamplighter.billing.queries.service_years import service_year
from lamplighter.intervals.slots import midnight, slot_calendar
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from tests.keyaccounts.conftest import BEGAN, SPIKE, TODAY, billed, brew, brewery, known_as
from tests.keyaccounts.world import Clock
from tests.town import DANA, ZONE
from tests.web.wording import wording

SWAP, BACK = date(2026, 2, 10), date(2026, 4, 10)
QUARTERS = 59 * 96 - 4
"""Of the days between them; one hour is not there in March."""


@pytest.fixture
def reads(town, joel, monkeypatch):
    """`reads(home)(tab)` is what Joel reads of it there."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    client = Client()
    client.force_login(joel)

    def of(home):
        slug = known_as(home, "Kelp & Kettle Brewing", at=town.at).slug

        def page(tab, asked=None):
            shown = client.get(f"/key/accounts/{slug}/{tab}/", asked)
            assert shown.status_code == 200
            return wording(shown).replace("\u00a0", " ")

        return page

    return of


IMPOSSIBLE = {
    "Solar on the roof: Modules is from 0.5 to 20000 kW, not -10.": {"m": "solar", "solar.dc_kw": "-10"},
    "Solar on the roof: Modules is a number, not “ten”.": {"m": "solar", "solar.dc_kw": "ten"},
    "Solar on the roof: Tilt is from 0 to 90 °, not 120.": {"m": "solar", "solar.tilt": "120"},
    "Battery: Energy that can be used is from 1 to 100000 kWh, not -5.": {"m": "battery", "battery.kwh": "-5"},
    "Efficiency measure: Power saved is from 0 to 10000 kW, not -3.": {"m": "efficiency", "efficiency.kw": "-3"},
    "Demand response: there is no hour from 20 to 20 o'clock.": {
        "m": "demand_response", "demand_response.from_at": "20", "demand_response.to_at": "20",
    },
    "give 101 kWh in the 14 hours parked; the day's driving takes 136 kWh.": {
        "m": "ev_fleet", "ev_fleet.chargers": "1",
    },
}  # fmt: skip


def uses(town, start, end, **told):
    town.uses("Kelp", Period(start, end), brewery(slot_calendar(Period(start, end), seconds=900, zone=ZONE)), **told)


def test_a_year_goes_on_over_an_exchanged_meter(town, reads):
    """The peak lies behind the exchange, and the year before it still counts: no reading is missing or twice there."""
    home, noon = brew(town, until=SWAP), midnight(SWAP, ZONE)
    metering.remove(meter=home.channel.meter, at=noon, by=DANA, recorded_at=town.at)
    channel = Channel(name="kWh", unit="Wh", interval=900)
    new = metering.add_meter(badge="E-NEW", channels=[channel], on=BEGAN, by=DANA, at=town.at)
    metering.install(meter=new, point=home.point, at=noon, by=DANA, recorded_at=town.at)
    uses(town, SWAP, TODAY, of=new.channels.get())
    billed(town)
    year = service_year(home.agreement, on=TODAY)
    told = np.concatenate([brewery(slot_calendar(days, seconds=900, zone=ZONE))
                           for days in (Period(BEGAN, SWAP), Period(SWAP, TODAY))])  # fmt: skip
    assert not year.curve.missing
    assert (year.curve.kw() * 250).sum() == pytest.approx(told[: year.curve.calendar.slots].sum())
    assert peak_costs(year).peaks[0].peak.day == SPIKE
    assert "no reading missing, none estimated" in reads(home)("load")


def test_months_without_readings_are_told_and_nothing_is_compared_on_them(town, reads):
    home = brew(town, until=SWAP)
    uses(town, BACK, TODAY)
    billed(town)
    page = reads(home)
    assert f"{QUARTERS:,} readings missing" in page("load")
    assert "No comparison is made." in page("rates")
    assert Segment.objects.count() < 12, "days that nobody read are not billed"


def test_months_that_were_estimated_are_told_and_nothing_is_compared_on_them(town, reads):
    home = brew(town, until=SWAP)
    uses(town, SWAP, BACK, quality=Quality.ESTIMATED_REFERENCE_DAY)
    uses(town, BACK, TODAY)
    billed(town)
    page = reads(home)
    assert f"no reading missing, {QUARTERS / 365 / 96:.1%} estimated" in page("load")
    assert "No comparison is made. 16% of the readings are estimates" in page("rates")


def test_a_negative_roof_and_whatever_else_can_not_be_is_refused_with_the_field_named(town, reads):
    home = brew(town)
    billed(town)
    page = reads(home)
    for why, asked in IMPOSSIBLE.items():
        told = page("advice", asked)
        assert "That can't be answered" in told, asked
        assert why in told
        assert "Pays back in" not in told, "no figure stands beside a refusal"
