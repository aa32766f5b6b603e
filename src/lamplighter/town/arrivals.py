"""Somebody comes to Marisol Bay while the year goes on, or takes over a place from somebody who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lamplighter.accounts.models import AgreementPoint, Cycle
from lamplighter.journeys.moving import start_service
from lamplighter.metering.models import Installation
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule
from lamplighter.town.calendar import at
from lamplighter.town.plan import Customer
from lamplighter.town.readings import Register, read_on_arrival
from lamplighter.town.settling import settle
from lamplighter.town.staff import DANA
from lamplighter.town.stage import Stage


def arrive(stage: Stage, one: Customer, read: Sequence[Register], day: date) -> None:
    """Their account is opened and service starts; whoever had it stops the same day, on the same read."""
    for register in read:
        if register.meter.badge in _badges(stage, one):
            read_on_arrival(register, day)
    with unit_of_work(DANA):
        (account,) = settle(
            [one], {one.key: _points(one)}, starts={one.key: day},
            cycles={one.cycle: Cycle.objects.get(code=f"{one.cycle:02}")},
            schedules={schedule.code: schedule for schedule in Schedule.objects.all()}, by=DANA, when=at(day, 10, 20),
        )  # fmt: skip
        stage.ids[one.key] = account.pk
        if one.takes_over:
            before = stage.service(one.takes_over)
            uses = AgreementPoint.objects.filter(agreement=before, period__contains=day).select_related("point")
            rate = before.rates.select_related("schedule").get(rider=False, period__contains=day)
            start_service(
                account=account, points=tuple(use.point for use in uses), schedule=rate.schedule, on=day, by=DANA,
                at=at(day, 10, 25), back_to_back=True,
            )  # fmt: skip


def _badges(stage: Stage, one: Customer) -> set[str]:
    services = stage.customers[one.takes_over].services if one.takes_over else one.services
    return {service.meter.badge for service in services if service.meter is not None}


def _points(one: Customer) -> list[ServicePoint]:
    """Where their meters stand, in the order of their services."""
    badges = [service.meter.badge for service in one.services if service.meter is not None]
    standing = Installation.objects.filter(meter__badge__in=badges).select_related("meter", "point__premise")
    found = {row.meter.badge: row.point for row in standing}
    return [found[badge] for badge in badges]
