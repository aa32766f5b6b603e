"""A town with one crew on the road: homes with meters, an area, a Monday with two places in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings

from lamplighter.fieldwork import certificates
from lamplighter.fieldwork.certificates import Carried
from lamplighter.fieldwork.models import Crew, Half, Order
from lamplighter.fieldwork.operations import crews, ordering
from lamplighter.fieldwork.operations.ordering import OrderIn
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind
from lamplighter.kernel.actors import staff
from lamplighter.platform.operations.users import add_user
from lamplighter.platform.transactions import unit_of_work
from tests.town import DANA, Town, noon

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
SAM = staff("sam")


@dataclass
class Field:
    town: Town
    crew: Crew

    @property
    def at(self) -> datetime:
        """Nine in the morning, when both halves of the day are to come."""
        return noon(FRIDAY) - timedelta(hours=3)

    def order(self, who: str, kind: OrderKind = OrderKind.READ, **more) -> Order:
        home = self.town.homes[who]
        asked = OrderIn(kind=kind, point=home.point, **{"not_before": FRIDAY, "account": home.account, **more})
        proof = carried(asked) if kind is OrderKind.DISCONNECT and asked.reason != NON_PAYMENT else None
        return ordering.raise_order(order=asked, certificate=proof, by=DANA, at=self.at)


def carried(order: OrderIn, **wrong) -> Carried:
    """A certificate that collections would have issued for the order."""
    proof = {"number": "T-1", "account": order.account.pk, "point": order.point.pk, "reason": order.reason}
    return Carried(**{**proof, **wrong})


@pytest.fixture
def certified(monkeypatch):
    """Certificates of these tests hold; others are looked up."""
    known = certificates._rechecks[0]
    recheck = lambda order, at: "" if order.certificate.startswith("T-") else known(order, at)  # noqa: E731
    monkeypatch.setattr(certificates, "_rechecks", [recheck])


def settle() -> Field:
    town = Town(date(2026, 9, 1))
    rate = town.adopts_book("marisol-bay-power/r-1_2026-07-01.toml")
    for who in ("Ada", "Ben", "Cleo"):
        town.moves_in(who, rate, interval=None)
    for who in ("Ada", "Ben"):
        town.reads(who, ("2026-09-02", 1000), ("2026-10-02", 1300), ("2026-11-02", 1600))
    town.on("2026-11-20")
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=town.at)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=town.at)
    sam = add_user(username="sam", name="Sam Whitlock", kind="staff", by=DANA, at=town.at)
    crews.join_crew(crew=crew, user=sam, on=date(2026, 9, 1), by=DANA, at=town.at)
    for day in (FRIDAY, MONDAY):
        for half, places in ((Half.MORNING, 2), (Half.AFTERNOON, 1)):
            crews.set_places(crew=crew, day=day, half=half, places=places, by=DANA, at=town.at)
    return Field(town, crew)


@pytest.fixture
def field(db, certified) -> Field:
    return settle()


@pytest.fixture
def committed(django_db_setup, django_db_blocker, tmp_path):
    """Real commits, for tests of two people at once. Django's own flush would be refused by append-only tables."""
    with override_settings(STATE=tmp_path), django_db_blocker.unblock():
        with unit_of_work(DANA):
            built = settle()
        yield built
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for model in apps.get_models():
                if model.__module__.startswith("lamplighter."):
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
        connection.close()
