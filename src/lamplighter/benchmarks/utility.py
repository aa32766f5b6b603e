"""A seeded utility in a throw-away database: homes and a few shops with a month of readings, ready to be billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
from django.test import Client

import lamplighter
from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AccountIn, AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.benchmarks.readings import FIRST, PACIFIC, SECONDS, calendar, channel_days
from lamplighter.benchmarks.sizes import Size
from lamplighter.billing.models import CycleWindow
from lamplighter.billing.operations.windows import define_window
from lamplighter.customers import operations as customers
from lamplighter.customers.operations import PersonIn
from lamplighter.journeys.billing import bill_cycle
from lamplighter.journeys.moving import start_services
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Meter
from lamplighter.metering.operations import MeterIn
from lamplighter.payments import operations as payments
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.platform.transactions import in_transaction, unit_of_work
from lamplighter.premises import operations as premises
from lamplighter.premises.models import Jurisdiction, ServicePoint
from lamplighter.premises.operations import PremiseIn
from lamplighter.tariffs import operations as tariffs
from lamplighter.tariffs.models import Schedule
from lamplighter.usage.operations.publishing import publish

BOOK = Path(lamplighter.__file__).parent / "tariffs" / "books" / "marisol-bay-power"
BENCH, SECOND = system("bench"), staff("second-person")
AT = datetime(2026, 9, 2, 17, tzinfo=UTC)
RATES = (("R-1", "residential"), ("R-TOU", "residential"), ("GS-2", "commercial"))
AT_ONCE = 1_000


def seed(size: Size) -> None:
    """Sixteen homes in twenty on tiers, three on hours of use, and a shop billed by demand."""
    with unit_of_work(BENCH):
        ledger.define_codes(chart())
        city = premises.define_jurisdiction(key="bench", name="Bench")
        cycle = accounts.define_cycle(code="01", name="Bench", by=BENCH, at=AT)
        rates = [_adopted(code, customer_class) for code, customer_class in RATES]
        payments.define_source(
            key="drawer", name="Drawer", kind="drawer", opening_float=Money(20_000), gl_code="cash-drawers"
        )
    serials, meters = count(1), []
    for begin in range(0, size.accounts, AT_ONCE):
        with unit_of_work(BENCH):
            some = [next(serials) for _ in range(min(AT_ONCE, size.accounts - begin))]
            meters += _settle(some, city, cycle, rates)
    with unit_of_work(BENCH):
        channels = np.array(sorted(channel.pk for meter in meters for channel in meter.channels.all()), dtype=np.int64)
        days = channel_days(len(channels), calendar(size), channels)
        publish(batches=[days], kind="import", by=BENCH, at=AT)
        _window(cycle, size)


def bill(size: Size, *, processes: int = 1) -> int:
    """Bill the seeded month; how many bills."""
    window = CycleWindow.objects.get()
    outcome = bill_cycle(window=window, on=window.reads_on, by=BENCH, at=AT, processes=processes)
    assert (outcome.billed, outcome.parked) == (size.accounts, 0), outcome
    return outcome.billed


def clerk() -> tuple[Client, Actor]:
    """A browser in which a customer service representative has signed in, and who that is."""
    with unit_of_work(BENCH):
        user = add_user(username="clerk", name="Clerk", kind="staff", password="", by=BENCH, at=AT)
        grant_role(user=user, role="csr", on=FIRST, by=BENCH, at=AT)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client, user.actor


@in_transaction
def _adopted(code: str, customer_class: str) -> Schedule:
    path = BOOK / f"{code.lower()}_2026-07-01.toml"
    text = path.read_text(encoding="utf-8")
    version = tariffs.draft(text=text, file=path.name, customer_class=customer_class, by=BENCH, at=AT)
    approvals.approve(approval=tariffs.propose(version=version, by=BENCH, at=AT), by=SECOND, at=AT)
    return version.schedule


@in_transaction
def _settle(serials: Sequence[int], city: Jurisdiction, cycle: Cycle, rates: Sequence[Schedule]) -> list[Meter]:
    """People at premises with meters, accounts and service since the first day."""
    people = customers.add_people(
        people=[PersonIn(family=f"Number {serial}", given="Home") for serial in serials], on=FIRST, by=BENCH, at=AT
    )
    places = [PremiseIn(f"{serial} Lamp Street", "Marisol Bay", "CA", "90555") for serial in serials]
    sites = premises.add_premises(premises=places, jurisdiction=city, on=FIRST, by=BENCH, at=AT)
    points = [points[0] for points in sites]
    meters = metering.set_meters(
        meters=[_meter(serial, point) for serial, point in zip(serials, points, strict=True)], by=BENCH, recorded_at=AT
    )
    chosen = [rates[_rate(serial)] for serial in serials]
    opened = accounts.open_accounts(
        accounts=[
            AccountIn(person, rate.customer_class, cycle, FIRST) for person, rate in zip(people, chosen, strict=True)
        ],
        by=BENCH, at=AT,
    )  # fmt: skip
    start_services(agreements=[_service(*one) for one in zip(opened, chosen, points, strict=True)], by=BENCH, at=AT)
    return meters


def _rate(serial: int) -> int:
    return {0: 2, 1: 1, 2: 1, 3: 1}.get(serial % 20, 0)


def _meter(serial: int, point: ServicePoint) -> MeterIn:
    channel = Channel(name="kWh", unit="Wh", power=0, interval=SECONDS)
    return MeterIn(f"E-{serial:07}", (channel,), FIRST, point, midnight(FIRST, PACIFIC))


def _service(account: Account, rate: Schedule, point: ServicePoint) -> AgreementIn:
    facts = {"power_factor": "0.93"} if rate.code == "GS-2" else {}
    return AgreementIn(account, AgreementKind.ENERGY, FIRST, schedule=rate, points=(point,), facts=facts)


@in_transaction
def _window(cycle: Cycle, size: Size) -> CycleWindow:
    reads_on = FIRST + timedelta(days=size.days)
    return define_window(
        cycle=cycle, month=FIRST, reads_on=reads_on, opens_on=reads_on, closes_on=reads_on + timedelta(days=3),
        accounting_on=reads_on,
    )  # fmt: skip
