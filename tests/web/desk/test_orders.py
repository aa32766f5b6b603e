"""Orders at the desk: raised on an account, booked, moved, cancelled, followed; and the dispatcher's day."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from lamplighter.fieldwork.models import Crew, Half, Order, SiteNote, Visit
from lamplighter.fieldwork.operations import crews
from lamplighter.fieldwork.operations.ordering import OrderIn, request_order
from lamplighter.fieldwork.types import OrderKind
from lamplighter.kernel.periods import Period
from lamplighter.metering.operations import switch
from lamplighter.platform.models import Event
from tests.web.conftest import make_person
from tests.web.desk.town import DANA, NOW

from .conftest import Clock, account_of, words

MONDAY = date(2026, 11, 23)


@pytest.fixture
def crew(town) -> Crew:
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        for half in Half:
            crews.set_places(crew=crew, day=day, half=half, places=1, by=DANA, at=NOW)
    return crew


def submit(client, url: str, **said):
    form = client.get(url).context["form"]
    hidden = {name: form[name].value() for name in form.fields if form.fields[name].widget.is_hidden}
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return client.post(url, {**first, **hidden, **said})


@pytest.fixture
def raised(dana, number, crew):
    """`raised("Gwen Pruitt", kind="read")` is the order that Dana raised on her account."""

    def on(name: str, **said) -> Order:
        answer = submit(dana, f"/desk/accounts/{number(name)}/do/order/", **{"kind": "read", "slot": "", **said})
        assert answer.status_code == 303, words(answer)
        return Order.objects.latest("id")

    return on


def page_of(client, order) -> str:
    return words(client.get(f"/desk/orders/{order.number}/"))


def test_an_order_is_raised_on_the_account_with_its_appointment_and_stands_there(dana, number, raised):
    form = words(dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/do/order/"))
    assert "Mon, Nov 23, 8 am to noon 1 free" in form
    assert "Disconnect" not in form
    order = raised("Gwen Pruitt", slot="2026-11-23.am", safety="Two geese", access="Side gate")
    said = page_of(dana, order)
    for shown in (f"Read the meter SO-{order.number}", "310 Santa Clara Ave", "Safety", "Two geese", "Side gate",
                  "Mon, Nov 23, 8 am to noon, Truck 1, promised", "Pending Dana Reyes"):  # fmt: skip
        assert shown in said, shown
    account = words(dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/"))
    panel = words(dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/?panel=orders"))
    assert "Waiting · Nov 23, 8 am to noon" in panel
    assert "Read the meter: appointment booked, Nov 23 morning" in account
    assert "Read the meter: order raised" in account


def test_a_half_day_that_is_over_is_offered_to_nobody(dana, number, crew, monkeypatch):
    def offered(hour: int) -> list[str]:
        monkeypatch.setattr(Clock, "now", lambda: NOW + timedelta(days=3, hours=hour))
        form = dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/do/order/").context["form"]
        return [key for key, _ in form.fields["slot"].choices if key]

    assert offered(0)[:2] == ["2026-11-23.am", "2026-11-23.pm"]
    assert offered(3)[0] == "2026-11-23.pm", "it is noon"
    assert offered(8)[0] == "2026-11-24.am", "it is five"


def test_csr_o1_the_dog_of_one_order_is_on_the_next_at_the_same_place(dana, number, raised):
    first = raised("Gwen Pruitt", safety="Two geese")
    submit(dana, f"/desk/orders/{first.number}/do/cancel/", reason="error")
    assert "Two geese" in words(dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/do/order/"))
    assert "Two geese" in page_of(dana, raised("Gwen Pruitt"))
    assert SiteNote.objects.count() == 1


def test_a_dog_that_has_moved_away_is_on_no_order_any_more(dana, raised):
    order = raised("Gwen Pruitt", safety="Two geese")
    place, note = f"/desk/premises/{order.premise.number}/", SiteNote.objects.get()
    SiteNote.objects.update(period=Period(date(2026, 11, 2)))
    assert "Two geese No longer so" in words(dana.get(place))
    end = f"{place}notes/{note.pk}/do/end/"
    assert "Two geese" in words(dana.get(end))
    assert submit(dana, end)["Location"] == place
    assert "Two geese" not in words(dana.get(place)) + page_of(dana, order)
    assert dana.get(end).status_code == 404
    told = [event.name for event in Event.objects.filter(subject=f"premise:{order.premise.number}")]
    assert told.count("fieldwork.site_note.ended") == 1, "its history stays"


def test_a_customers_service_is_not_turned_off_by_an_order(dana, number, crew):
    url = f"/desk/accounts/{number('Rosa Maldonado')}/do/order/"
    refused = submit(dana, url, kind="disconnect", slot="")
    assert refused.status_code == 422
    assert "Select a valid choice" in words(refused)
    assert not Order.objects.exists()


def test_an_appointment_that_was_taken_meanwhile_is_refused_with_the_next_free(dana, number, raised):
    url = f"/desk/accounts/{number('Jun Park')}/do/order/"
    form = dana.get(url).context["form"]
    raised("Gwen Pruitt", slot="2026-11-23.am")
    said = {"kind": "read", "slot": "2026-11-23.am", "not_before": "2026-11-20", "point": form["point"].value()}
    late = dana.post(url, {**said, "request_key": form["request_key"].value()})
    assert late.status_code == 422
    assert Order.objects.count() == 1


def test_a_form_sent_twice_raises_one_order(dana, number, crew):
    url = f"/desk/accounts/{number('Gwen Pruitt')}/do/order/"
    form = dana.get(url).context["form"]
    said = {"kind": "read", "slot": "", "not_before": "2026-11-20", "point": form["point"].value(),
            "request_key": form["request_key"].value()}  # fmt: skip
    assert dana.post(url, said)["Location"] == dana.post(url, said)["Location"]
    assert Order.objects.count() == 1


def test_a_visit_is_moved_given_up_and_the_order_cancelled(dana, raised):
    order = raised("Gwen Pruitt", slot="2026-11-23.am")
    here = f"/desk/orders/{order.number}"
    assert submit(dana, f"{here}/do/book/", slot="2026-11-24.pm", promised="on").status_code == 303
    assert "Tue, Nov 24, noon to 5 pm, Truck 1, promised" in page_of(dana, order)
    assert submit(dana, f"{here}/do/give-up/").status_code == 303
    assert "Not planned yet" in page_of(dana, order)
    assert submit(dana, f"{here}/do/cancel/", reason="customer-asked", words="She reads it").status_code == 303
    said = page_of(dana, order)
    assert "Cancelled The customer asked" in said
    assert "Dana Reyes · She reads it" in said
    assert [visit.ended for visit in Visit.objects.order_by("id")] == ["moved", "cancelled"]
    assert submit(dana, f"{here}/do/cancel/", reason="error").status_code == 422


def test_an_order_that_could_not_go_out_is_checked_again(dana, town, number, crew):
    home = town.homes["Gwen Pruitt"]
    order = request_order(
        order=OrderIn(kind=OrderKind.RECONNECT, point=home.point, not_before=MONDAY, origin="credit",
                      account=account_of(number("Gwen Pruitt"))),
        by=DANA, at=NOW,
    )  # fmt: skip
    assert "Orders that can't go out" in words(dana.get("/desk/work/"))
    check = f"/desk/orders/{order.number}/do/check/"
    assert "Service is on there already" in words(submit(dana, check))
    switch(point=home.point, state="off", at=NOW, reason="test", by=DANA, recorded_at=NOW)
    assert submit(dana, check).status_code == 303
    assert "Waiting" in page_of(dana, order)


def test_all_orders_are_listed_filtered_and_exported(dana, raised):
    read, check = raised("Gwen Pruitt"), raised("Jun Park", kind="check-ami")
    assert dana.get("/desk/orders/").status_code == 200
    only = words(dana.get("/desk/orders/?kind=read"))
    assert read.number in only
    assert check.number not in only
    export = b"".join(dana.get("/desk/orders/?export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(export)))
    assert {row["Order"] for row in rows} == {read.number, check.number}


def test_the_dispatcher_sees_the_day_assigns_and_prints_the_route(raised, at_desk, crew):
    make_person("dora", "Dora Voss", "dispatcher")
    dora = at_desk("dora")
    planned, loose = raised("Gwen Pruitt", slot="2026-11-23.am", safety="Two geese"), raised("Jun Park")
    board = words(dora.get("/desk/orders/board/2026-11-23/"))
    assert "Truck 1 · 8 am to noon 1 of 1" in board
    assert "Truck 1 · noon to 5 pm 0 of 1" in board
    assert loose.number in board[board.index("No crew yet") :]
    assert submit(
        dora, f"/desk/orders/{loose.number}/do/assign/", crew="truck-1", day="2026-11-23", half="am"
    ).status_code == 422  # fmt: skip
    assert submit(
        dora, f"/desk/orders/{loose.number}/do/assign/", crew="truck-1", day="2026-11-23", half="pm"
    ).status_code == 303  # fmt: skip
    export = dora.get("/desk/orders/board/2026-11-23/?panel=visits&export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig"))))
    assert [(row["Order"], row["Half"], row["Promised"]) for row in rows] == [
        (planned.number, "8 am to noon", "Yes"), (loose.number, "noon to 5 pm", ""),
    ]  # fmt: skip
    filtered = words(dora.get("/desk/orders/board/2026-11-23/?panel=visits&half=pm"))
    assert planned.number not in filtered
    route = words(dora.get("/desk/orders/route/truck-1/2026-11-23/"))
    assert route.index("310 Santa Clara Ave") < route.index("1210 Walnut St")
    assert "Safety: Two geese" in route


def test_the_dispatcher_plans_a_day(at_desk, crew):
    make_person("dora", "Dora Voss", "dispatcher")
    dora = at_desk("dora")
    plan = "/desk/orders/board/do/places/?day=2026-11-25"
    answer = submit(dora, plan, crew="truck-1", morning="4", afternoon="2")
    assert answer["Location"] == "/desk/orders/board/2026-11-25/"
    assert "Truck 1 · 8 am to noon 0 of 4" in words(dora.get(answer["Location"]))


def test_the_day_is_chosen_by_its_form_and_a_day_that_is_none_is_not_found(dana):
    assert dana.get("/desk/orders/board/?day=2026-11-23")["Location"] == "/desk/orders/board/2026-11-23/"
    assert dana.get("/desk/orders/board/never/").status_code == 404
    assert dana.get("/desk/orders/board/").status_code == 200


def test_a_clerk_does_not_assign_and_nobody_works_on_their_own_account(dana, at_desk, raised):
    order = raised("Hannah Brandt")
    assert dana.get(f"/desk/orders/{order.number}/do/assign/").status_code == 403
    assert at_desk("hannah").get(f"/desk/orders/{order.number}/").status_code == 403


def test_an_order_is_raised_at_a_place_without_an_account(dana, town, crew):
    premise = town.homes["Gwen Pruitt"].point.premise
    answer = submit(dana, f"/desk/premises/{premise.number}/do/order/", kind="investigate", slot="")
    assert answer.status_code == 303
    order = Order.objects.get()
    assert (order.account, order.premise) == (None, premise)
    assert "Investigate Waiting" in words(dana.get(f"/desk/premises/{premise.number}/?panel=orders"))
