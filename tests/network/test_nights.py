"""The demo city's head-ends send a file for every night that is over: in order, once, and again when nobody took it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lamplighter.formats.reading import read_bytes
from lamplighter.formats.settings import Settings
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Meter
from lamplighter.network.models import HeadEnd
from lamplighter.town.calendar import ZONE
from lamplighter.town.census import plan_city
from lamplighter.town.headend.nights import send_nights
from lamplighter.town.lastnight import collected
from lamplighter.town.loads import counts
from lamplighter.town.nightly import night_file, sent_at_night
from lamplighter.town.plan import DEFAULT

AS_OF = date(2026, 11, 20)
YESTERDAY = AS_OF - timedelta(days=1)


@pytest.fixture(scope="module")
def plan():
    return plan_city(AS_OF, replace(DEFAULT, homes=900, hourly=200, shops=30, medium=12))


@pytest.fixture
def estuary(plan, db, settings, tmp_path):
    """A head-end that reaches two of the homes that it alone tells of, and one that the collector reads."""
    settings.STATE = tmp_path
    for service in (*sent_at_night(plan)[:2], collected(plan)[0]):
        Meter.objects.create(badge=service.meter.badge, maker="Estuary", ami=True)
    return HeadEnd(key="estuary", name="Estuary mesh")


class Site:
    """What was posted to the utility, which takes it or not."""

    def __init__(self):
        self.open, self.taken = True, []

    def __call__(self, _head_end, name, content):
        if self.open:
            self.taken.append((name, content))
        return self.open


def sent(plan, estuary, site, on):
    return send_nights(plan, estuary, maker="Estuary", on=on, send=site)


def test_the_last_day_of_the_city_is_what_its_homes_drew(plan, estuary):
    """Hour by hour the load of which the rest of their year was published."""
    name, text = night_file(plan, "Estuary", YESTERDAY)
    assert name == "estuary_20261119.cmep"
    (read,) = read_bytes(text.encode(), name, Settings(zone=ZONE))
    whole = slot_calendar(Period(plan.begins, AS_OF), seconds=3600, zone=ZONE)
    assert [channel.identity.meter for channel in read.channels] == [s.meter.badge for s in sent_at_night(plan)[:2]]
    for channel, service in zip(read.channels, sent_at_night(plan), strict=False):
        drawn = counts(service.load, whole)[0][whole.slots_of(YESTERDAY)]
        assert channel.measure.value(int(channel.counts.sum())) == int(drawn.sum()) > 0


def test_every_night_since_is_sent_in_order_and_once(plan, estuary):
    site = Site()
    assert sent(plan, estuary, site, AS_OF) == 1
    assert sent(plan, estuary, site, AS_OF + timedelta(days=3)) == 3
    assert sent(plan, estuary, site, AS_OF + timedelta(days=3)) == 0
    assert [name[8:16] for name, _ in site.taken] == ["20261119", "20261120", "20261121", "20261122"]
    assert len({content.splitlines()[0][-60:] for _, content in site.taken}) == 4, "every day is another"


def test_what_nobody_took_is_sent_again(plan, estuary):
    site = Site()
    site.open = False
    assert sent(plan, estuary, site, AS_OF + timedelta(days=1)) == 0
    site.open = True
    assert sent(plan, estuary, site, AS_OF + timedelta(days=1)) == 2


def test_a_maker_without_such_homes_sends_nothing(plan, estuary):
    assert night_file(plan, "Fathom", YESTERDAY) is None
