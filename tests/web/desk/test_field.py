"""The crew's phone, without a browser: whose route, what is shown first, what a plain form and the script get."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.fieldwork.models import Half, Order, Report, SiteNote
from lamplighter.fieldwork.operations import crews, ordering, visits
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.fieldwork.operations.ordering import OrderIn
from lamplighter.fieldwork.types import OrderKind
from lamplighter.metering.models import SwitchState
from lamplighter.platform.models import Event
from lamplighter.premises.operations import seal_address
from lamplighter.usage.models import RegisterRead
from lamplighter.worklist.models import Item
from tests.fieldwork.conftest import carried, certified  # noqa: F401 - a fixture
from tests.web.conftest import make_person
from tests.web.desk.town import DANA, NOW

from .conftest import account_of, words

FRIDAY = date(2026, 11, 20)
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 60
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def crew(town):
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
    sam = make_person("sam", "Sam Whitlock", "field-crew")
    crews.join_crew(crew=crew, user=sam, on=date(2026, 1, 5), by=DANA, at=NOW)
    for half in Half:
        crews.set_places(crew=crew, day=FRIDAY, half=half, places=3, by=DANA, at=NOW)
    return crew


@pytest.fixture
def sam(crew, at_desk):
    return at_desk("sam")


@pytest.fixture
def stop(town, number, crew, certified):  # noqa: F811 - the fixture
    """`stop("Pat Kowalczyk", OrderKind.READ)` is an order on Sam's route of today."""

    def put(name: str, kind: OrderKind = OrderKind.READ, half: Half = Half.MORNING, **more) -> Order:
        asked = OrderIn(kind=kind, point=town.homes[name].point, not_before=FRIDAY,
                        account=account_of(number(name)), **more)  # fmt: skip
        proof = carried(asked) if kind is OrderKind.DISCONNECT else None
        order = ordering.raise_order(order=asked, certificate=proof, by=DANA, at=NOW)
        visits.book(order=order, day=FRIDAY, half=half, by=DANA, at=NOW, promised=True)
        return order

    return put


def channel_of(order: Order):
    return order.meter.channels.get()


def done(sam, order, headers=None, **said):
    shown = {"outcome": "done", "draft": str(uuid4()), **said}
    return sam.post(f"/field/orders/{order.number}/report/", shown, headers=headers)


def test_the_route_is_in_order_with_what_to_know_and_only_ones_own(sam, stop, at_desk):
    late, first = stop("Gwen Pruitt", half=Half.AFTERNOON), stop("Jun Park")
    write_site_note(premise=first.premise, about=SiteNote.About.SAFETY, words="Big dog", on=FRIDAY, by=DANA, at=NOW)
    said = words(sam.get("/field/"))
    assert said.index("1210 Walnut St") < said.index("Safety: Big dog") < said.index("310 Santa Clara Ave")
    page = words(sam.get(f"/field/orders/{first.number}/"))
    assert page.index("Know first") < page.index("Big dog") < page.index("Read the meter SO-")
    make_person("una", "Una Reed", "field-crew")
    una = at_desk("una")
    assert "You are on no crew today" in words(una.get("/field/"))
    assert una.get(f"/field/orders/{late.number}/").status_code == 403


def test_a_crew_begins_and_reads_and_the_customers_page_tells(sam, stop, dana, number):
    order = stop("Pat Kowalczyk")
    assert sam.post(f"/field/orders/{order.number}/start/")["Location"] == f"/field/orders/{order.number}/"
    last = RegisterRead.objects.filter(channel=channel_of(order)).latest("at")
    read = {f"read_{channel_of(order).pk}": last.count + 40}
    assert done(sam, order, **read, words="Shrub before it")["Location"] == "/field/"
    assert RegisterRead.objects.latest("id").count == last.count + 40
    route = words(sam.get("/field/"))
    assert "Nothing left to do today." in route
    assert "Read the meter · Done" in route
    account = words(dana.get(f"/desk/accounts/{number('Pat Kowalczyk')}/"))
    assert "Read the meter: done" in account
    assert "Read the meter: the crew is there" in account
    shown = words(dana.get(f"/desk/orders/{order.number}/"))
    assert f"{last.count + 40:,}" in shown
    assert "Shrub before it" in shown


def test_the_script_is_answered_in_its_own_way_and_a_repeat_the_same(sam, stop):
    order = stop("Pat Kowalczyk")
    channel = channel_of(order)
    last = RegisterRead.objects.filter(channel=channel).latest("at").count
    odd = done(sam, order, SCRIPT, **{f"read_{channel.pk}": last + 20_000})
    assert odd.status_code == 422
    assert "Read the dials again" in odd.json()["message"]
    said = {f"read_{channel.pk}": last + 20, "draft": str(uuid4()), "found_at": NOW.isoformat()}
    for _ in range(2):
        answer = done(sam, order, SCRIPT, **said)
        assert (answer.status_code, answer.json()["message"]) == (200, f"SO-{order.number} is done.")
    assert Report.objects.count() == 1


def test_a_form_that_lacks_something_says_what(sam, stop):
    order = stop("Pat Kowalczyk")
    answer = done(sam, order, SCRIPT)
    assert answer.status_code == 422
    assert "Fill in “Meter E-" in answer.json()["message"]
    plain = done(sam, order)
    assert plain["Location"] == f"/field/orders/{order.number}/"
    assert "Fill in" in words(sam.get(plain["Location"]))


def test_a_disconnection_is_done_at_the_instant_of_the_phone(sam, stop):
    order = stop("Gwen Pruitt", OrderKind.DISCONNECT, reason="customer-request")
    then = NOW + timedelta(minutes=2)
    assert done(sam, order, SCRIPT, switch="off", found_at=then.isoformat()).status_code == 200
    assert SwitchState.objects.get(point=order.point, state="off").span.start == then


def test_not_done_goes_to_the_desks_list(sam, stop, dana):
    order = stop("Gwen Pruitt")
    sent = {"outcome": "not-done", "draft": str(uuid4()), "reason": "animal", "words": "Two geese"}
    answer = sam.post(f"/field/orders/{order.number}/report/", sent, headers=SCRIPT)
    assert answer.json()["message"] == f"SO-{order.number} went back."
    assert "Orders that could not be done" in words(dana.get("/desk/work/"))
    item = Item.objects.get(kind="fieldwork.returned")
    assert f"/desk/orders/{order.number}/" in dana.get(f"/desk/work/{item.pk}/").content.decode()
    assert "An animal in the way" in words(dana.get(f"/desk/orders/{order.number}/"))


def test_photos_are_shown_at_the_desk_and_what_is_no_photo_is_refused(sam, stop, dana):
    order = stop("Gwen Pruitt", OrderKind.INVESTIGATE)
    bad = SimpleUploadedFile("meter.jpg", b"#!/bin/sh", content_type="image/jpeg")
    refused = done(sam, order, SCRIPT, found="tamper", photos=[bad])
    assert "meter.jpg is no photo" in refused.json()["message"]
    good = SimpleUploadedFile("meter.jpg", JPEG, content_type="image/jpeg")
    assert done(sam, order, SCRIPT, found="tamper", photos=[good]).status_code == 200
    key = Report.objects.get().photos.get().file_id
    shown = dana.get(f"/desk/orders/{order.number}/photos/{key}/")
    assert (b"".join(shown.streaming_content), shown["Content-Type"]) == (JPEG, "image/jpeg")
    assert dana.get(f"/desk/orders/{order.number}/photos/{'0' * 64}/").status_code == 404


def test_an_order_that_was_cancelled_says_so_and_its_report_is_not_lost(sam, stop, dana):
    order = stop("Gwen Pruitt", OrderKind.DISCONNECT, reason="move-out")
    ordering.cancel_order(order=order, reason="not-needed", by=DANA, at=NOW)
    assert "Gwen" not in words(sam.get("/field/"))
    assert "Cancelled. Nothing is to be done there." in words(sam.get(f"/field/orders/{order.number}/"))
    answer = done(sam, order, SCRIPT, switch="off")
    assert "was over before this came" in answer.json()["message"]
    assert "Reports on orders that were over" in words(dana.get("/desk/work/"))


def test_the_worker_is_served_from_where_it_may_keep_the_fields_pages(sam):
    answer = sam.get("/field/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert b"addEventListener" in answer.content


def test_somebody_of_the_field_begins_on_their_route(sam):
    assert sam.get("/")["Location"] == "/field/"


def test_a_confidential_address_is_shown_to_the_crew_whose_stop_it_is_while_it_is_to_be_done(sam, stop, at_desk):
    order = stop("Jun Park")
    seal_address(premise=order.premise, by=DANA, at=NOW)
    assert "Walnut" not in words(sam.get("/field/")) + words(sam.get(f"/field/orders/{order.number}/"))
    url = f"/field/orders/{order.number}/where/"
    shown = sam.post(url)
    assert "1210 Walnut St Apt 4, Marisol Bay CA 90555" in words(shown)
    assert shown["Cache-Control"] == "no-store"
    kept = Event.objects.get(name="premises.address.told")
    assert (kept.actor.key, kept.remark.words) == ("sam", f"To work order SO-{order.number}")
    make_person("una", "Una Reed", "field-crew")
    assert at_desk("una").post(url).status_code == 403
    ordering.cancel_order(order=order, reason="not-needed", by=DANA, at=NOW)
    assert "nobody needs to go there" in words(sam.post(url))
    assert Event.objects.filter(name="premises.address.told").count() == 1
