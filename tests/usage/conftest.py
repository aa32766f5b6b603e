"""A place with a meter whose intervals go into a store of the test's own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.actors import staff
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.usage.operations.publishing import publish
from tests.accounts.conftest import place  # noqa: F401
from tests.town import Town
from tests.usage.feeds import HOURLY, write

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def store(settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")


class Metered:
    """Set meters at the place's point, and let them count."""

    def __init__(self, place):  # noqa: F811
        self.place = place

    def meter(self, badge, *channels, on=date(2026, 1, 1), at=None, multiplier=1, point=None):
        device = metering.add_meter(
            badge=badge, channels=channels, on=date(2025, 1, 1), by=DANA, at=AT, multiplier=Decimal(multiplier)
        )
        metering.install(
            meter=device, point=point or self.place.point, at=at or midnight(on, ZONE), by=DANA, recorded_at=AT
        )
        return list(device.channels.order_by("id"))

    def counts(self, channel, period, values, quality=0):
        """Publish counts (an array, or one for every slot) for the days of a period."""
        calendar = slot_calendar(period, seconds=channel.interval, zone=ZONE)
        counts = np.broadcast_to(np.asarray(values, dtype=np.int64), (calendar.slots,))
        lengths = np.diff(calendar.edges)
        gridded = grid(
            readings_of(channel.pk, starts=calendar.starts, counts=counts, seconds=lengths, quality=quality),
            seconds=channel.interval, zone=ZONE,
        )  # fmt: skip
        return publish(batches=[gridded.days], kind="import", by=DANA, at=AT)


def kwh(interval=900, name="kWh", **kwargs):
    return Channel(name=name, interval=interval, unit="Wh", power=0, **kwargs)


@pytest.fixture
def metered(place, store):  # noqa: F811
    return Metered(place)


MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture
def town(db, settings, tmp_path):
    """A town whose intervals and files go into folders of the test's own."""
    settings.INTERVAL_STORE, settings.STATE = str(tmp_path / "intervals"), tmp_path
    return Town(date(2026, 7, 1))


@pytest.fixture
def home(town):
    """Ada has had service since May, with an hourly meter that has a register too; today is the 20th of May."""
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    home = town.on("2026-05-01").moves_in("Ada", rate)
    register = Channel.objects.create(meter=home.channel.meter, name="register", unit="Wh", power=3, dials=5)
    Multiplier.objects.create(channel=register, factor=1, period=Period(date(2026, 1, 1)))
    town.on("2026-05-20")
    return home


@pytest.fixture
def feed(town, tmp_path):
    """Rows as a file that is taken in; what became of it."""
    taken = iter(range(1000))

    def feed(rows, register="", mapping=HOURLY, **options):
        path = write(tmp_path, f"feed{next(taken)}.csv", rows, register)
        (imported,) = town.imports(path, mapping=mapping, **options).imported
        return imported

    return feed
