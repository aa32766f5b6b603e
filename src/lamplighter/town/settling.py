"""How places get their meters, and people their accounts and service: the whole city at once, or one who arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AccountIn, AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.customers import operations as customers
from lamplighter.customers.models import Person
from lamplighter.journeys.moving import start_services
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Flow, Unit
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.metering.operations import MeterIn
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises import operations as premises
from lamplighter.premises.models import Jurisdiction, ServicePoint
from lamplighter.tariffs.models import Schedule
from lamplighter.town.calendar import at
from lamplighter.town.plan import Customer, MeterPlan, Reading, Service
from lamplighter.town.staff import CONVERSION

DIGITS = 5
MAKERS = {Reading.REGISTER: ("Dialworks", "D5"), Reading.HOURLY: ("Estuary", "S2"), Reading.QUARTER: ("Fathom", "P4")}


@in_transaction
def equip(services: Sequence[Service], city: Jurisdiction, *, on: date) -> list[ServicePoint]:
    """Premises with their points and meters, which have stood there since long before `on`: a point for each."""
    when, stood = at(on - timedelta(days=2), 7), on - timedelta(days=700)
    added = premises.add_premises(
        premises=[one.place for one in services], jurisdiction=city, on=stood, by=CONVERSION, at=when
    )
    points = [only for (only,) in added]
    metering.set_meters(
        meters=[
            _meter(one.meter, point, stood)
            for one, point in zip(services, points, strict=True)
            if one.meter is not None
        ],
        by=CONVERSION, recorded_at=when,
    )  # fmt: skip
    return points


def _meter(plan: MeterPlan, point: ServicePoint, stood: date) -> MeterIn:
    maker, model = MAKERS[plan.reading]
    return MeterIn(
        badge=plan.badge, channels=tuple(channels(plan)), on=stood, point=point, since=at(stood, 11),
        multiplier=Decimal(plan.multiplier), serial=f"{maker[:2].upper()}{plan.badge[2:]}", maker=maker, model=model,
        ami=plan.reading is not Reading.REGISTER, switch=plan.reading is Reading.HOURLY,
    )  # fmt: skip


def channels(plan: MeterPlan) -> Iterator[Channel]:
    """Unsaved rows: what comes in, and what goes out or lags where the meter counts that."""
    if plan.reading is Reading.REGISTER:
        yield Channel(name="kWh", unit=Unit.WH.value, power=3, dials=DIGITS)
        return
    yield Channel(name="kWh", unit=Unit.WH.value, interval=plan.reading.seconds)
    if plan.sends:
        yield Channel(name="kWh received", unit=Unit.WH.value, flow=Flow.RECEIVED.value, interval=plan.reading.seconds)
    if plan.lag:
        yield Channel(
            name="kVArh", unit=Unit.VARH.value, quantity=Channel.Quantity.REACTIVE, interval=plan.reading.seconds
        )


@in_transaction
def settle(
    found: Sequence[Customer],
    points: Mapping[str, Sequence[ServicePoint]],
    *,
    starts: Mapping[str, date],
    cycles: Mapping[int, Cycle],
    schedules: Mapping[str, Schedule],
    by: Actor,
    when: datetime,
) -> list[Account]:
    """Customers with their accounts and the service at their points from their day on, in order."""
    people = _people(found, by=by, when=when)
    opened = accounts.open_accounts(
        accounts=[
            AccountIn(
                customer=people[one.same_as or one.key, ""], customer_class=one.customer_class,
                cycle=cycles[one.cycle], on=one.since, old_number=_old_number(one),
                dispatch=Account.Dispatch.EMAIL if one.email_only else Account.Dispatch.PAPER,
                others=tuple((role, people[one.key, role]) for role, _ in one.others),
            )
            for one in found
        ],
        by=by, at=when,
    )  # fmt: skip
    agreements = [
        agreement(account, service, point, starts[one.key], schedules)
        for one, account in zip(found, opened, strict=True)
        for service, point in zip(one.services, points.get(one.key, ()), strict=True)
    ]
    start_services(agreements=agreements, by=by, at=when)
    return opened


def agreement(
    account: Account, service: Service, point: ServicePoint, on: date, schedules: Mapping[str, Schedule]
) -> AgreementIn:
    kind = AgreementKind.ENERGY if service.meter is not None else AgreementKind.UNMETERED
    riders = tuple(schedules[rider] for rider in service.riders)
    return AgreementIn(account, kind, on, schedules[service.rate], (point,), riders, service.facts)


def _people(found: Sequence[Customer], *, by: Actor, when: datetime) -> dict[tuple[str, str], Person]:
    """Those who are not here yet, by the key of their account and their role on it (empty: its customer)."""
    wanted = [((one.key, ""), one.person) for one in found if not one.same_as]
    wanted += [((one.key, role), other) for one in found for role, other in one.others]
    added = customers.add_people(people=[person for _, person in wanted], on=when.date(), by=by, at=when)
    return {key: person for (key, _), person in zip(wanted, added, strict=True)}


def _old_number(one: Customer) -> str:
    """The account's number in the system before this one; who came later has none."""
    if one.on is not None:
        return ""
    whole = sum(ord(letter) * 131**place for place, letter in enumerate(one.key)) % 900_000
    return f"{one.cycle:02}-{100_000 + whole}"
