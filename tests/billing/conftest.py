"""A town whose intervals go into a store of the test's own, and one whose bills are read by people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.customers import operations as customers
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys import billing, moving
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.notices.operations import set_sender
from lamplighter.premises import operations as premises
from tests.town import DANA, ZONE, Home, Town

RATES = Path(__file__).parent / "rates"
OCT_25, NOV_25, DEC_25 = date(2025, 10, 3), date(2025, 11, 3), date(2025, 12, 3)
OCT_26, NOV_26 = date(2026, 10, 3), date(2026, 11, 4)


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    return Town(date(2026, 7, 1))


def hourly(name="kWh", interval=3600, **kwargs):
    return Channel(name=name, unit="Wh", power=0, interval=interval, **kwargs)


def household(calendar, seed=7, base=350, swing=500):
    """Wh by slot of a home: low at night, more in the evening, a little different every day."""
    random = np.random.default_rng(seed)
    hours = calendar.minutes / 60
    shape = base + swing * np.exp(-((hours - 19) ** 2) / 8) + 150 * np.exp(-((hours - 7.5) ** 2) / 3)
    daily = 0.7 + 0.6 * random.random(calendar.days)
    return shape * daily[calendar.day_of] * calendar.seconds / 3600


def sunshine(calendar, peak=4000):
    """Wh by slot that a roof sends back around noon."""
    hours = calendar.minutes / 60
    return peak * np.clip(np.sin((hours - 7) / 11 * np.pi), 0, 1) * (hours > 7) * calendar.seconds / 3600


def factory(calendar, seed=5):
    """Wh by slot of a works: 140 kW at night, 320 kW by day, and noise that sets the peak."""
    hours, random = calendar.minutes / 60, np.random.default_rng(seed)
    kw = 140 + 180 * ((hours > 7) & (hours < 17)) + 30 * random.random(calendar.slots)
    return kw * calendar.seconds / 3600 * 1000


class ReadersTown(Town):
    """A town whose bills are read: own rates (tests/billing/rates), names, addresses and meters of any kind."""

    def __post_init__(self):
        super().__post_init__()
        set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
            office="800 Foundry St, Marisol Bay CA 90555", email="help@marisolbaypower.example", by=DANA, at=self.at,
        )  # fmt: skip
        self.rates = {}

    def adopts_own(self, *files, customer_class="residential"):
        """Adopt rate files in order; the last one's schedule."""
        for file in files:
            schedule = self.adopts((RATES / file).read_text(), file, customer_class)
            self.rates[schedule.code] = schedule
        return schedule

    def settles(self, name, rate, *channels, on=date(2025, 9, 3), street="", unit="", multiplier=1, account=None,
                **person):  # fmt: skip
        """A person (given and family name) with service from a day on, at an address of their own."""
        number = len(self.homes) + 1
        given, _, family = name.rpartition(" ")
        point = self.point(street or f"{100 + number} Otis Dr", unit)
        account = account or accounts.open_account(
            customer=customers.add_human(given=given, family=family, by=DANA, at=self.at, **person),
            customer_class=rate.customer_class, cycle=self.cycle, on=on, by=DANA, at=self.at,
        )  # fmt: skip
        meter = metering.add_meter(
            badge=f"E-7712{number:04}", channels=channels or [hourly()], on=on, multiplier=Decimal(multiplier),
            by=DANA, at=self.at,
        )  # fmt: skip
        metering.install(meter=meter, point=point, at=midnight(on, ZONE), by=DANA, recorded_at=self.at)
        move = moving.start_service(account=account, points=(point,), schedule=rate, on=on, by=DANA, at=self.at)
        home = Home(account, move.started, meter.channels.order_by("id").first(), point)
        self.homes[name] = home
        return home

    def point(self, street, unit=""):
        premise = premises.add_premise(
            street=street, unit=unit, city="Marisol Bay", state="CA", postcode="90555", jurisdiction=self.city,
            by=DANA, at=self.at,
        )  # fmt: skip
        return premises.add_service_point(premise=premise, by=DANA, at=self.at)

    def lives(self, who, first, end, *, shape=household, scale=1, quality=0, channel=None, **kwargs):
        """Let a channel count by a shape from one day to another."""
        home, usual = self.homes[who], self.homes[who].channel
        home.channel = channel or usual
        calendar = slot_calendar(Period(first, end), seconds=home.channel.interval, zone=ZONE)
        wh = np.round(shape(calendar, **kwargs) * scale).astype(np.int64)
        revision = self.uses(who, Period(first, end), wh, quality)
        home.channel = usual
        return revision

    def bills_now(self, who, *untils):
        """Off-cycle bills up to each day, issued the day after; the last one."""
        for until in untils:
            self.today = until + timedelta(days=1)
            agreement = self.homes[who].agreement
            bill = billing.bill_now(agreement=agreement, until=until, on=self.today, by=DANA, at=self.at)
        return bill

    def states(self, who, name, value, first, end=None):
        agreement = self.homes[who].agreement
        accounts.state_fact(agreement=agreement, name=name, value=value, period=Period(first, end), by=DANA, at=self.at)


@pytest.fixture
def readers(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    return ReadersTown(date(2025, 9, 1))


@pytest.fixture
def home(readers):
    """A home on R-1, billed in November 2025 and, after prices rose in July and a warmer autumn, in November 2026."""
    rate = readers.adopts_own("r-1_2025.toml", "r-1_2026.toml")
    found = readers.settles("Thi Hoa Nguyen", rate, street="1418 Pacific Ave", unit="Apt B", language="vi")
    readers.lives("Thi Hoa Nguyen", date(2025, 9, 3), OCT_26)
    readers.lives("Thi Hoa Nguyen", OCT_26, NOV_26, seed=9, scale=1.2)
    readers.bills_now("Thi Hoa Nguyen", OCT_25, NOV_25, OCT_26, NOV_26)
    return found
