"""Each morning the channels of a meter are held against each other; what does not fit waits for a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys import reading
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import IntervalException
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.operations.siblings import hold_together
from lamplighter.usage.queries.exceptions import seen
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.siblings import with_siblings
from lamplighter.worklist.models import Item
from tests.town import DANA, NIGHTLY, ZONE

TEN_DAYS = Period(date(2026, 5, 8), date(2026, 5, 18))
NIGHT = np.arange(24) < 6


@pytest.fixture
def roof(town, home):
    """A second channel for what the roof sends back, beside the one for what the house takes."""
    sent = _channel(home, "sent", flow="received")
    _counts(town, home.channel, TEN_DAYS, np.where(NIGHT, 500, 0))
    return sent


def test_channels_that_were_exchanged_wait_until_they_are_put_right(town, home, roof):
    _counts(town, home.channel, TEN_DAYS, np.where(NIGHT, 0, 2000))
    _counts(town, roof, TEN_DAYS, np.where(NIGHT, 500, 0))
    assert look(town).opened == 1
    row = IntervalException.objects.get()
    assert (row.rule, row.channel, row.day, row.slots) == ("siblings.swapped", roof, TEN_DAYS.start, 240)
    assert (row.account, row.proposal) == (home.account.pk, "correct-setup")
    assert Item.objects.get().subject == f"channel:{roof.pk}"
    shown = seen(row)
    assert (shown.rule.label, len(shown.last_year) > 0) == ("Channels exchanged", True)
    assert look(town).opened == 0, "a second morning finds the same matter"
    _counts(town, home.channel, TEN_DAYS, np.where(NIGHT, 500, 0))
    _counts(town, roof, TEN_DAYS, np.where(NIGHT, 0, 2000))
    assert look(town).resolved == 1
    row.refresh_from_db()
    assert (row.state, Item.objects.get().state) == ("resolved", "done")


def test_a_channel_that_stays_away_is_told_and_forgotten_when_it_comes(town, roof):
    assert look(town).opened == 1
    row = IntervalException.objects.get()
    assert (row.rule, row.channel, row.slots) == ("siblings.missing", roof, 240)
    assert row.message == "Nothing came for 10 days that another channel of the meter brought whole."
    late = Period(date(2026, 5, 12), date(2026, 5, 22))
    assert look(town, late).opened == 0, "days that left the window are still part of the matter"
    row.refresh_from_db()
    assert (row.day, row.state) == (TEN_DAYS.start, "open")
    _counts(town, roof, TEN_DAYS, 0)
    assert look(town, late).resolved == 1


def test_what_a_person_accepted_is_not_asked_again(town, roof):
    look(town)
    row = IntervalException.objects.get()
    reading.accept(exceptions=[row.pk], seen=published().watermark, by=DANA, at=town.at, remark="No roof there.")
    assert look(town).opened == 0
    assert not IntervalException.objects.filter(state="open").exists()


def test_apparent_energy_is_compared_with_each_channels_own_multiplier(town, home):
    """600 Wh by a transformer of 80 are 48 kWh an hour: 46.4 kVAh are within 5 % of that, 36 are not."""
    Multiplier.objects.filter(channel=home.channel).update(factor=Decimal(80))
    apparent = _channel(home, "kVAh", quantity="apparent", unit="VAh", power=1, factor=80)
    _counts(town, home.channel, TEN_DAYS, 600)
    _counts(town, apparent, TEN_DAYS, 58)
    assert look(town).opened == 0
    _counts(town, apparent, TEN_DAYS, 45)
    assert look(town).opened == 10
    row = IntervalException.objects.first()
    assert (row.rule, row.channel, row.measured, row.threshold) == (
        "siblings.triangle",
        apparent,
        45 * 80 * 24,
        60 * 80 * 24,
    )


def test_nobody_is_compared_before_they_had_service_and_meters_with_one_channel_never(town, home):
    assert with_siblings(period=TEN_DAYS) == []
    sent = _channel(home, "sent", flow="received")
    before = Period(date(2026, 4, 20), date(2026, 4, 30))
    _counts(town, home.channel, before, 500)
    assert look(town, before).opened == 0
    assert sent.exceptions.count() == 0


def look(town, period=TEN_DAYS):
    with unit_of_work(NIGHTLY):
        return hold_together(meters=with_siblings(period=period), period=period, by=NIGHTLY, at=town.at)


def _channel(home, name, *, factor=1, unit="Wh", power=0, **kind):
    made = Channel.objects.create(meter=home.channel.meter, name=name, unit=unit, power=power, interval=3600, **kind)
    Multiplier.objects.create(channel=made, factor=factor, period=Period(date(2026, 1, 1)))
    return made


def _counts(town, channel, period, day):
    """The same counts on each day."""
    calendar = slot_calendar(period, seconds=3600, zone=ZONE)
    counts = np.broadcast_to(np.asarray(day, dtype=np.int64), (period.days, 24)).ravel()
    lengths = np.diff(calendar.edges)
    come = readings_of(channel.pk, starts=calendar.starts, counts=counts, seconds=lengths, quality=0)
    publish(batches=[grid(come, seconds=3600, zone=ZONE).days], kind="import", by=NIGHTLY, at=town.at)
