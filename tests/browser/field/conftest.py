"""The desk's town with a crew on the road and its phone; it is Friday morning there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from lamplighter.fieldwork.models import Half, Order, SiteNote
from lamplighter.fieldwork.operations import crews, ordering, visits
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.fieldwork.operations.ordering import OrderIn
from lamplighter.fieldwork.types import OrderKind
from lamplighter.platform.transactions import unit_of_work
from tests.browser.looking import sign_in
from tests.browser.views import NARROW
from tests.fieldwork.conftest import carried, certified  # noqa: F401 - a fixture
from tests.web.conftest import make_person
from tests.web.desk.conftest import Clock, furnish
from tests.web.desk.town import DANA, NOW, TODAY

PLACES = 40


@pytest.fixture(scope="module")
def people(clone, tmp_path_factory):
    folder = tmp_path_factory.mktemp("field")
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        with transaction.atomic():
            built = furnish(folder)
            area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
            crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
            sam = make_person("sam", "Sam Whitlock", "field-crew")
            make_person("dora", "Dora Voss", "dispatcher")
            crews.join_crew(crew=crew, user=sam, on=TODAY, by=DANA, at=NOW)
            for half in Half:
                crews.set_places(crew=crew, day=TODAY, half=half, places=PLACES, by=DANA, at=NOW)
        yield built
    patch.undo()


@pytest.fixture
def stop(people, certified):  # noqa: F811 - the fixture
    """`stop("Pat Kowalczyk", OrderKind.READ)` is an order on Sam's route of today; cancelled when the test is over."""
    made: list[Order] = []

    def put(name: str, kind: OrderKind = OrderKind.READ, *, note: str = "", **more) -> Order:
        home = people.homes[name]
        with unit_of_work(DANA):
            asked = OrderIn(kind=kind, point=home.point, not_before=TODAY, account=home.account, **more)
            proof = carried(asked) if kind is OrderKind.DISCONNECT else None
            order = ordering.raise_order(order=asked, certificate=proof, by=DANA, at=NOW - timedelta(minutes=1))
            visits.book(order=order, day=TODAY, half=Half.MORNING, by=DANA, at=NOW, promised=True)
            if note:
                write_site_note(
                    premise=order.premise, about=SiteNote.About.SAFETY, words=note, on=TODAY, by=DANA, at=NOW
                )
        made.append(order)
        return order

    yield put
    for order in made:
        order.refresh_from_db()
        if order.is_open:
            with unit_of_work(DANA):
                ordering.cancel_order(order=order, reason="error", by=DANA, at=NOW)


@pytest.fixture
def phone(own_page):
    """Sam's phone: 390 px wide, its clock set."""
    own_page.set_viewport_size(NARROW)
    own_page.clock.set_fixed_time(NOW)
    sign_in(own_page, username="sam")
    return own_page
