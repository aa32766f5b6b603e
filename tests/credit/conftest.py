"""A customer with service at one premise, who owes, pays and promises on the days that a test names."""

from __future__ import annotations

from copy import copy
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.operations.holding import record_contact, record_cover, record_weather
from lamplighter.credit.rules.facts import How
from lamplighter.journeys.moving import start_service
from lamplighter.journeys.paying import take_payment
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.actors import staff
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import Balance, balances
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.notices.operations.deliveries import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.payments import operations as payments
from lamplighter.payments.rules import TenderIn
from tests.accounts.conftest import furnish
from tests.town import NIGHTLY, ZONE

DANA, RENEE = staff("dana"), staff("renee")
MONDAY = datetime(2026, 12, 7, 10, tzinfo=ZONE)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


class Debtor:
    """`on("2026-11-18")` says which day it is; everything that follows happens at noon of it."""

    def __init__(self, place):
        self.today = date(2026, 1, 2)
        set_sender(
            utility="Marisol Bay Power", phone="(510) 555-0100", website="mbp.example", office="800 Foundry St",
            email="help@mbp.example", by=RENEE, at=self.at,
        )  # fmt: skip
        load_starter_templates(by=NIGHTLY, at=self.at, demo_town=True)
        self.place = place
        self.account = place.account(place.luis)
        meter = metering.add_meter(
            badge="E-0001", channels=[Channel(name="kWh", unit="Wh", power=0, interval=3600)], on=self.today, by=DANA,
            at=self.at,
        )  # fmt: skip
        metering.install(meter=meter, point=place.point, at=self.at, by=DANA, recorded_at=self.at)
        self.agreement = start_service(
            account=self.account, points=(place.point,), schedule=place.schedule, on=self.today, by=DANA, at=self.at
        ).started
        source = payments.define_source(
            key="drawer-2", name="Drawer 2", kind="drawer", opening_float=Money(20000), gl_code="cash-drawers"
        )
        self.drawer = payments.open_control(source=source, by=DANA, at=self.at)

    @property
    def at(self) -> datetime:
        return noon(self.today)

    @property
    def now(self):
        """What every operation is told: the day, who, and the instant."""
        return {"on": self.today, "by": DANA, "at": self.at}

    def on(self, day: str) -> Debtor:
        self.today = date.fromisoformat(day)
        return self

    def owes(self, cents: int, since: str) -> Debtor:
        """A bill of that amount was issued on a day."""
        legs = (
            Leg("receivable", Money(cents), self.agreement.subledger_id, owed_on=date.fromisoformat(since)),
            Leg("revenue-residential", Money(-cents)),
        )
        ledger.post(draft=Draft(f"bill:{since}", "bill", date.fromisoformat(since), legs), at=self.at, by=DANA)
        return self

    def pays(self, cents: int):
        return take_payment(
            key=None, control=self.drawer, tenders=[TenderIn("cash", Money(cents), Money(cents))],
            payments_to={self.account: Money(cents)}, on=self.today, by=DANA, at=self.at,
        )  # fmt: skip

    def balance(self, kind: AgreementKind = AgreementKind.ENERGY) -> Balance:
        keys = list(self.account.agreements.filter(kind=kind).values_list("subledger", flat=True))
        return sum(balances(keys).values(), Balance())


def make_ready(debtor: Debtor) -> Debtor:
    """Everything was done in time for Monday, December 7 at ten."""
    debtor.owes(18642, "2026-09-20").on("2026-11-18")
    pass_a_day(**debtor.now)
    mailed = Step(Notice.objects.get().pk, DeliveryStep.HANDED_OVER, debtor.at, "tray 7")
    record_deliveries(steps=[mailed], by=DANA, at=debtor.at)
    debtor.on("2026-12-03")
    record_contact(account=debtor.account, how=How.PHONE, happened_at=debtor.at, reached=True, by=DANA, at=debtor.at)
    debtor.on("2026-12-07")
    skies(MONDAY)
    record_cover(span=Span(MONDAY - timedelta(hours=2), MONDAY + timedelta(hours=8)), crew="North", by=RENEE, at=MONDAY)
    return debtor


def skies(asked_at: datetime, *alerts: str) -> None:
    """The weather service was asked, and told of these alerts for the day."""
    day = asked_at.astimezone(ZONE).date()
    days = Period(day, day + timedelta(days=1))
    record_weather(
        area="marisol-bay",
        owner="duty officer",
        asked_at=asked_at,
        covers=days,
        alerts=[(a, days) for a in alerts],
        by=RENEE,
        at=asked_at,
    )


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker):
    """Built once; every test works in a transaction of its own on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Debtor(furnish())
        transaction.set_rollback(True)


@pytest.fixture
def debtor(built, db):
    """Of rows of its own: one test's move is not the next one's."""
    made = copy(built)
    made.account, made.agreement = copy(built.account), copy(built.agreement)
    return made
