"""A small utility for stories: one adopted schedule, people in homes with meters, a cycle that is billed.

Told in the town's own words: `town.moves_in("Ada")`, `town.uses("Ada", kwh="24", days=MARCH)`, `town.bills(...)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill
from lamplighter.billing.operations.windows import define_window
from lamplighter.customers import operations as customers
from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.billing import Outcome, bill_cycle
from lamplighter.journeys.moving import start_service
from lamplighter.journeys.reading import Delivery, import_file
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Posting
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.payments import operations as payments
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.operations import approvals
from lamplighter.premises import operations as premises
from lamplighter.tariffs import operations as tariffs
from lamplighter.tariffs.models import Schedule
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.operations.registers import ReadIn, record_reads

ZONE = ZoneInfo("America/Los_Angeles")
ANALYST, FINANCE, DANA, NIGHTLY = staff("iris"), staff("omar"), staff("dana"), system("bill-run")
BOOKS = Path(__file__).parents[1] / "src" / "lamplighter" / "tariffs" / "books"

FLAT = """
[tariff]
utility = "Test Town Power"
code = "FLAT"
name = "Fifteen cents a kilowatt-hour"
valid_from = 2025-01-01

[rounding]
rule = "once"
stated = true

[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.15
gl = "revenue.energy"
"""
"""The simplest tariff that bills."""


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


@dataclass
class Home:
    account: Account
    agreement: Agreement
    channel: Channel
    point: object


@dataclass
class Town:
    today: date
    homes: dict[str, Home] = field(default_factory=dict)

    def __post_init__(self):
        ledger.define_codes(chart())
        self.city = premises.define_jurisdiction(key="marisol-bay", name="City of Marisol Bay")
        self.cycle = accounts.define_cycle(code="04", name="Harbor", by=DANA, at=self.at)
        source = payments.define_source(
            key="drawer-2", name="Drawer 2", kind="drawer", opening_float=Money(20000), gl_code="cash-drawers"
        )
        self.drawer = payments.open_control(source=source, by=DANA, at=self.at)

    @property
    def at(self) -> datetime:
        return noon(self.today)

    def on(self, day: str) -> Town:
        self.today = date.fromisoformat(day)
        return self

    def adopts(self, text: str, name: str = "test.toml", customer_class: str = "residential") -> Schedule:
        version = tariffs.draft(text=text, file=name, customer_class=customer_class, by=ANALYST, at=self.at)
        approvals.approve(approval=tariffs.propose(version=version, by=ANALYST, at=self.at), by=FINANCE, at=self.at)
        return version.schedule

    def adopts_book(self, path: str, customer_class: str = "residential") -> Schedule:
        return self.adopts((BOOKS / path).read_text(), path, customer_class)

    def moves_in(
        self, who: str, rate: Schedule, *, interval: int | None = 3600, on: date | None = None,
        beside: Sequence[Channel] = (),
    ) -> Home:  # fmt: skip
        """A person at an address of their own, with a meter of hourly intervals (or, without, of dials), and channels
        `beside` its kWh."""
        day, number = on or self.today, len(self.homes) + 1
        person = customers.add_human(given=who, family="Town", by=DANA, at=self.at)
        premise = premises.add_premise(
            street=f"{100 + number} Otis Dr", city="Marisol Bay", state="CA", postcode="90555",
            jurisdiction=self.city, by=DANA, at=self.at,
        )  # fmt: skip
        point = premises.add_service_point(premise=premise, by=DANA, at=self.at)
        account = accounts.open_account(
            customer=person, customer_class=rate.customer_class, cycle=self.cycle, on=day, by=DANA, at=self.at
        )
        channel = Channel(name="kWh", unit="Wh", power=0 if interval else 3, interval=interval,
                          dials=None if interval else 5)  # fmt: skip
        meter = metering.add_meter(badge=f"E-{number:04}", channels=[channel, *beside], on=day, by=DANA, at=self.at)
        metering.install(meter=meter, point=point, at=midnight(day, ZONE), by=DANA, recorded_at=self.at)
        move = start_service(account=account, points=(point,), schedule=rate, on=day, by=DANA, at=self.at)
        self.homes[who] = Home(account, move.started, channel, point)
        return self.homes[who]

    def uses(self, who: str, period: Period, wh: object, quality: int = 0, *, of: Channel | None = None) -> int:
        """Publish counts of Wh (one for every hour, or an array), or `of` a channel beside; the revision."""
        channel = of or self.homes[who].channel
        calendar = slot_calendar(period, seconds=channel.interval, zone=ZONE)
        counts = np.broadcast_to(np.asarray(wh, dtype=np.int64), (calendar.slots,))
        readings = readings_of(
            channel.pk, starts=calendar.starts, counts=counts, seconds=np.diff(calendar.edges), quality=quality
        )
        days = grid(readings, seconds=channel.interval, zone=ZONE).days
        return publish(batches=[days], kind="import", by=NIGHTLY, at=self.at).revision

    def imports(self, path: Path, **options: object) -> Delivery:
        """A meter file taken in, with the options of an import (mapping, meter, zone, shift_weeks)."""
        return import_file(path=path, options=ImportOptions(**options), by=NIGHTLY, at=self.at)

    def reads(self, who: str, *pairs: tuple[str, int]) -> list[RegisterRead]:
        rows = [
            ReadIn(self.homes[who].channel, midnight(date.fromisoformat(day), ZONE) + timedelta(hours=9), count)
            for day, count in pairs
        ]
        return record_reads(reads=rows, by=NIGHTLY, at=self.at)

    def window(self, month: str, reads_on: str, **kwargs):
        day = date.fromisoformat(reads_on)
        return define_window(
            cycle=self.cycle, month=date.fromisoformat(month), reads_on=day, opens_on=day,
            closes_on=day + timedelta(days=3), accounting_on=day, **kwargs,
        )  # fmt: skip

    def bills(self, month: str, reads_on: str, **kwargs) -> Outcome:
        window = self.window(month, reads_on, **kwargs)
        return bill_cycle(window=window, on=self.today, by=NIGHTLY, at=self.at)

    def bill_of(self, who: str) -> Bill:
        return Bill.objects.filter(account=self.homes[who].account).order_by("-id").first()

    def pays(self, who: str, cents: int):
        return payments.post_event(
            control=self.drawer, tenders=[TenderIn("cash", Money(cents), Money(cents))],
            payments={self.homes[who].account: Money(cents)}, on=self.today, by=DANA, at=self.at,
        )  # fmt: skip

    def books(self) -> str:
        """Every posting as a line of text, in order."""
        rows = Posting.objects.select_related("entry").order_by("id")
        return "\n".join(f"{p.entry.effective_on} {p.entry.kind} {p.code_id} {p.payoff.cents / 100:.2f}" for p in rows)
