"""Areas, crews and who rides with whom: defined on pages, before anybody is sent anywhere."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.fieldwork.models import Area, Crew, CrewMember, Shift
from lamplighter.platform.models import Event, User
from tests.web.conftest import make_person

from .conftest import words
from .test_orders import submit

HERE = "/desk/crews/"


@pytest.fixture
def dora(town, at_desk):
    make_person("dora", "Dora Voss", "dispatcher")
    make_person("sam", "Sam Whitlock", "field-crew")
    return at_desk("dora")


@pytest.fixture
def truck(dora) -> str:
    """An area and a crew, by their pages."""
    assert submit(dora, f"{HERE}do/area/", name="Harbor", postcodes="90555, 90556").status_code == 303
    made = submit(dora, f"{HERE}do/crew/", name="Truck 1", area="harbor")
    assert made["Location"] == f"{HERE}truck-1/", words(made)
    return made["Location"]


def joined(dora, truck: str, on: str = "2026-11-20"):
    return submit(dora, f"{truck}do/join/", user=str(User.objects.get(username="sam").pk), on=on)


def test_a_site_without_crews_is_told_what_to_do_first(dora, dana):
    board = words(dora.get("/desk/orders/board/"))
    assert "There is no crew yet First define an area by its postcodes" in board
    assert "Define areas and crews" in board
    assert "Begin with an area" in words(dora.get(HERE))
    assert "Add a crew" not in words(dora.get(HERE))
    assert "A dispatcher does that." in words(dana.get("/desk/orders/board/"))
    assert dana.get(HERE).status_code == 403


def test_from_nothing_to_a_day_that_can_be_booked(dora, dana, number, truck):
    assert joined(dora, truck).status_code == 303
    assert "Sam Whitlock" in words(dora.get(f"{truck}?panel=members"))
    board = words(dora.get("/desk/orders/board/2026-11-23/"))
    assert "No crew goes out on this day" in board
    days = submit(dora, f"{truck}do/days/", first="2026-11-23", last="2026-11-29", morning="2", afternoon="1")
    assert days.status_code == 303
    assert set(Shift.objects.values_list("day", flat=True)) == {
        date(2026, 11, day) for day in (23, 24, 25)
    }  # Thanksgiving
    assert "No crew goes out" not in words(dora.get("/desk/orders/board/2026-11-23/"))
    form = words(dana.get(f"/desk/accounts/{number('Gwen Pruitt')}/do/order/"))
    assert "Mon, Nov 23, 8 am to noon 2 free" in form
    assert "Truck 1 Harbor Sam Whitlock" in words(dora.get(HERE))
    assert "Places set" in words(dora.get(truck))


def test_a_postcode_lies_in_one_area_and_a_name_is_had_once(dora, truck):
    assert "has one of these postcodes already" in words(
        submit(dora, f"{HERE}do/area/", name="Docks", postcodes="90556")
    )
    assert "There is one called harbor already" in words(submit(dora, f"{HERE}do/area/", name="harbor", postcodes=""))
    assert "There is one called Truck 1 already" in words(
        submit(dora, f"{HERE}do/crew/", name="Truck 1", area="harbor")
    )
    assert (Area.objects.count(), Crew.objects.count()) == (1, 1)


def test_an_area_and_a_crew_are_changed_and_the_trail_keeps_it(dora, truck):
    assert submit(dora, f"{HERE}areas/harbor/do/change/", name="Waterfront", postcodes="90555").status_code == 303
    assert submit(dora, f"{truck}do/change/", name="Truck One").status_code == 303
    assert "Truck One" in words(dora.get(HERE))
    assert Area.objects.get().postcodes == ["90555"]
    told = Event.objects.filter(name__in=["fieldwork.area.defined", "fieldwork.crew.defined"])
    assert [event.data["name_now"] for event in told.order_by("id")] == ["Harbor", "Truck 1", "Waterfront", "Truck One"]


def test_somebody_leaves_a_crew_and_one_entered_in_error_is_taken_back(dora, truck):
    joined(dora, truck)
    member = CrewMember.objects.get()
    left = f"{HERE}members/{member.pk}/do/end/"
    assert submit(dora, left, on="2026-12-01").status_code == 303
    assert CrewMember.objects.get().period.end == date(2026, 12, 1)
    assert "Nov 30, 2026" in words(dora.get(truck))
    assert submit(dora, left, on="2026-11-20").status_code == 303
    assert not CrewMember.objects.exists()
    assert Event.objects.filter(name="fieldwork.crew.left").count() == 2


def test_only_who_works_orders_can_ride_and_with_one_crew_at_a_time(dora, truck):
    choices = dict(dora.get(f"{truck}do/join/").context["form"].fields["user"].choices)
    assert list(choices.values()) == ["Choose a person", "Sam Whitlock"]
    joined(dora, truck, on="2026-11-23")
    assert "has a crew from Nov 20, 2026 or later already" in words(joined(dora, truck))


def test_a_crew_ends_once_its_visits_are_with_another(dora, dana, number, truck):
    joined(dora, truck)
    submit(dora, f"{truck}do/days/", first="2026-11-20", last="2026-11-27", morning="2", afternoon="1")
    order = f"/desk/accounts/{number('Gwen Pruitt')}/do/order/"
    assert submit(dana, order, kind="read", slot="2026-11-23.am").status_code == 303
    assert "Give it to another crew first" in words(submit(dora, f"{truck}do/end/", on="2026-11-23"))
    assert submit(dora, f"{truck}do/end/", on="2026-11-24").status_code == 303
    assert CrewMember.objects.get().period.end == date(2026, 11, 24)
    assert set(Shift.objects.filter(day__gte=date(2026, 11, 24)).values_list("places", flat=True)) == {0}
    assert "goes nowhere from Nov 24, 2026" in words(joined(dora, truck, on="2026-12-01"))
    late = submit(dora, "/desk/orders/board/do/places/", crew="truck-1", day="2026-11-25", morning="1", afternoon="0")
    assert "goes nowhere from Nov 24, 2026" in words(late)
