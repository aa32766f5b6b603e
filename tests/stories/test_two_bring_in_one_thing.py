"""Two people bring in one address, one meter number or one place's meter at once: the second hears of the first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from lamplighter.metering import operations as metering
from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Channel, Installation, Meter
from lamplighter.metering.operations import CannotInstall
from lamplighter.premises import operations as premises
from lamplighter.premises.models import Jurisdiction, Premise, ServicePoint
from lamplighter.premises.operations import CannotAdd
from tests.accounts.conftest import AT, DANA, furnish
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

ON = date(2026, 11, 20)
ROUNDS = 3
HARBOR = {"street": "9 Harbor St", "city": "Marisol Bay", "state": "CA", "postcode": "90555"}


@pytest.fixture
def place(committed):  # noqa: F811
    with transaction.atomic():
        return furnish()


def at_once(*works):
    """Each in a transaction of its own; what went wrong, in words."""
    gate, told = Barrier(len(works)), []

    def act(work):
        try:
            gate.wait()
            with transaction.atomic():
                work()
            told.append("")
        except (CannotAdd, CannotInstall) as refused:
            told.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=act, args=[work]) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(told)


def test_an_address_is_there_once(place):
    """However its letters are written."""
    city = Jurisdiction.objects.get()
    for number in range(ROUNDS):
        said = [HARBOR | {"street": street} for street in (f"{number} Harbor St", f"{number} HARBOR ST")]
        told = at_once(*(
            lambda one=one: premises.add_premise(**one, jurisdiction=city, by=DANA, at=AT) for one in said
        ))  # fmt: skip
        there = Premise.objects.get(street__iexact=said[0]["street"])
        assert told == ["", f"{there.address} is known: premise {there.number}."]


def test_a_number_on_a_meter_is_there_once(place):
    for number in range(ROUNDS):
        badges = [f"H-{number}", f"I-{number}"]
        told = at_once(*(
            lambda order=order: metering.receive_meters(
                badges=order, kind=METER_KINDS["hourly"], multiplier=Decimal(1), maker="", model="", on=ON, by=DANA,
                at=AT,
            )
            for order in (badges, badges[::-1])
        ))  # fmt: skip
        assert told == ["", f"H-{number}, I-{number}: known already."]
        assert Meter.objects.filter(badge__in=badges).count() == 2


def test_a_place_has_one_meter(place):
    for number in range(ROUNDS):
        with transaction.atomic():
            point = premises.add_service_point(premise=place.point.premise, by=DANA, at=AT)
            meters = [_meter(f"{letter}-{number}") for letter in "JK"]
        told = at_once(*(
            lambda one=one, point=point: metering.install(meter=one, point=point, at=AT, by=DANA, recorded_at=AT)
            for one in meters
        ))  # fmt: skip
        stands = Installation.objects.select_related("meter").get(point=point)
        assert told == ["", f"Meter {stands.meter.badge} stands there. Remove or exchange it first."]


def test_two_points_of_one_premise_have_numbers_of_their_own(place):
    home = place.point.premise
    before = home.service_points.count()
    told = at_once(*[lambda: premises.add_service_point(premise=home, by=DANA, at=AT)] * 2)
    assert told == ["", ""]
    numbers = set(ServicePoint.objects.filter(premise=home).values_list("number", flat=True))
    assert {f"{home.number}/{before + 1}", f"{home.number}/{before + 2}"} <= numbers


def _meter(badge):
    channel = Channel(name="kWh", unit="Wh", power=0, interval=3600)
    return metering.add_meter(badge=badge, channels=[channel], on=ON, by=DANA, at=AT)
