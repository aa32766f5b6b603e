"""A seeded utility in a throw-away database: homes and a few shops, and in the first of its cycles a month of readings,
ready to be billed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from django.db import connection
from django.test import Client

import lamplighter
from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AccountIn, AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.benchmarks.multiplying import multiply, named
from lamplighter.benchmarks.readings import FIRST, PACIFIC, SECONDS, calendar, channel_days
from lamplighter.benchmarks.sizes import Size
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.billing.operations.windows import define_window
from lamplighter.customers import operations as customers
from lamplighter.customers.operations import PersonIn
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.billing import bill_cycle
from lamplighter.journeys.moving import start_services
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import ZERO
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.metering.operations import MeterIn
from lamplighter.payments import operations as payments
from lamplighter.platform.models import User
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.tokens import FASTEST, issue_token
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
YEAR = Period(FIRST, FIRST + timedelta(days=365))  # from when its meter was set
SOURCES = (
    ("lockbox", "lockbox", "cash"), ("program", "electronic", "ach-clearing"),
)  # fmt: skip


def seed(size: Size) -> None:
    """Sixteen homes in twenty on tiers, three on hours of use, and a shop billed by demand. The operations make the
    first of them, which are then multiplied; one has a year of quarter hours, and one account has no service."""
    with unit_of_work(BENCH):
        ledger.define_codes(chart())
        city = premises.define_jurisdiction(key="bench", name="Bench")
        cycle, _ = (accounts.define_cycle(code=code, name="Bench", by=BENCH, at=AT) for code in ("01", "02"))
        rates = [_adopted(code, customer_class) for code, customer_class in RATES]
        for key, kind, gl_code in SOURCES:
            payments.define_source(key=key, name=key, kind=kind, opening_float=ZERO, gl_code=gl_code)
        _hire()
    with ThreadPoolExecutor(1) as beside, unit_of_work(BENCH):
        month = beside.submit(channel_days, size.billed - 1, calendar(size))  # while the database multiplies
        _settle(range(1, size.settled + 1), city, cycle, rates)
        multiply(times=size.accounts // size.settled, billed=size.billed // size.settled)
        _open_without_service(cycle)
        _window(cycle, size)
    _send_readings(month.result())


def put_in_order() -> None:
    """What PostgreSQL would do by and by, while figures are measured; outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def bill(size: Size, *, processes: int = 1) -> int:
    """Bill the seeded month; how many bills."""
    window = CycleWindow.objects.get()
    outcome = bill_cycle(window=window, on=window.reads_on, by=BENCH, at=AT, processes=processes)
    assert (outcome.billed, outcome.parked) == (size.billed, 0), outcome
    return outcome.billed


def billed(size: Size) -> list[Account]:
    """Those who have a bill of the seeded month, which is made unless another figure made it."""
    if not Bill.objects.exists():
        bill(size, processes=size.processes)
    return list(Account.objects.filter(cycle="01", agreements__kind=AgreementKind.ENERGY).order_by("pk"))


def clerk() -> tuple[Client, Actor]:
    """A browser in which a customer service representative has signed in, and who that is."""
    user = User.objects.get(username="clerk")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client, user.actor


def program() -> tuple[Client, dict[str, str]]:
    """Another program, and the headers with the key that it has for payments."""
    user = User.objects.get(username="program")
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")  # keys are looked at on the day on which they are used
        ((now,),) = cursor.fetchall()
    with unit_of_work(BENCH):
        _, key = issue_token(
            user=user, label="Bench", scopes=["payments.take"], per_minute=FASTEST, on=now.date(),
            expires_on=now.date() + timedelta(days=2), source="program", by=BENCH, at=now,
        )  # fmt: skip
    return Client(SERVER_NAME="localhost"), {"Authorization": f"Bearer {key}"}


@in_transaction
def _hire() -> None:
    for username, kind in (("clerk", User.Kind.STAFF), ("program", User.Kind.PARTNER)):
        user = add_user(username=username, name=username.title(), kind=kind, password="", by=BENCH, at=AT)
        if kind is User.Kind.STAFF:
            grant_role(user=user, role="csr", on=FIRST, by=BENCH, at=AT)


@in_transaction
def _open_without_service(cycle: Cycle) -> Account:
    person = customers.add_people(people=[PersonIn(family="Empty", given="Home")], on=FIRST, by=BENCH, at=AT)[0]
    new = AccountIn(person, "residential", cycle, FIRST)
    return accounts.open_accounts(accounts=[new], by=BENCH, at=AT)[0]


def _send_readings(month: ChannelDays) -> None:
    """A month of quarter hours of every meter of the first cycle, and a year of the first meter."""
    mine = Channel.objects.filter(meter__installations__point__agreements__agreement__account__cycle="01")
    channels = np.array(sorted(mine.values_list("pk", flat=True).distinct()), dtype=np.int64)
    year = slot_calendar(YEAR, seconds=SECONDS, zone=PACIFIC)
    assert len(channels) == len(np.unique(month.channels)) + 1, "one meter for each account that is billed"
    theirs = replace(month, channels=channels[month.channels])  # they were counted from 1
    with unit_of_work(BENCH):
        publish(batches=[channel_days(1, year, channels[:1]), theirs], kind="import", by=BENCH, at=AT)


@in_transaction
def _adopted(code: str, customer_class: str) -> Schedule:
    path = BOOK / f"{code.lower()}_2026-07-01.toml"
    text = path.read_text(encoding="utf-8")
    version = tariffs.draft(text=text, file=path.name, customer_class=customer_class, by=BENCH, at=AT)
    approvals.approve(approval=tariffs.propose(version=version, by=BENCH, at=AT), by=SECOND, at=AT)
    return version.schedule


@in_transaction
def _settle(serials: Sequence[int], city: Jurisdiction, cycle: Cycle, rates: Sequence[Schedule]) -> None:
    """People at premises with meters, accounts and service since the first day."""
    names = [named(serial) for serial in serials]
    people = customers.add_people(
        people=[PersonIn(family=family, given=given) for given, family, _ in names], on=FIRST, by=BENCH, at=AT
    )
    places = [
        PremiseIn(f"{serial} {street}", "Marisol Bay", "CA", "90555")
        for serial, (*_, street) in zip(serials, names, strict=True)
    ]
    sites = premises.add_premises(premises=places, jurisdiction=city, on=FIRST, by=BENCH, at=AT)
    points = [points[0] for points in sites]
    metering.set_meters(
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
