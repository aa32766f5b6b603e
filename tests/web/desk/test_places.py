"""New premises, points and meters: what a start of service and a crew's order stand on."""

from __future__ import annotations

import re

import pytest

from lamplighter.metering.models import Channel, Meter, Multiplier
from lamplighter.platform.models import Event
from lamplighter.premises.models import Premise
from tests.web.conftest import make_person
from tests.web.desk.conftest import words

ADDRESS = {
    "street": "77 Heron Ct", "unit": "", "city": "Marisol Bay", "state": "ca", "postcode": "90555",
    "jurisdiction": "marisol-bay", "use": "residential", "kind": "metered", "feeder": "Slough 302",
}  # fmt: skip
METERS = {"kind": "demand", "badges": "E-500001\n\n E-500002 ", "maker": "Estuary", "model": "Q4", "multiplier": "40",
          "since": "2026-11-02"}  # fmt: skip


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def technician(at_desk, town):
    make_person("wen", "Wendell Sato", "meter-technician")
    return at_desk("wen")


def sends(client, path, said):
    form = client.get(path).context["form"]
    return client.post(path, {**said, "request_key": form["request_key"].value()})


def test_a_premise_is_added_with_its_point_and_found_by_its_address(iris, dana):
    answer = sends(iris, "/desk/premises/do/add/", ADDRESS)
    place = Premise.objects.get(street="77 Heron Ct")
    assert answer.status_code == 303
    assert answer["Location"] == f"/desk/premises/{place.number}/"
    assert (place.state, [point.number for point in place.service_points.all()]) == ("CA", [f"{place.number}/1"])
    assert "Nobody has had service here." in words(iris.get(answer["Location"]))
    assert Event.objects.filter(actor="staff:iris", name="premises.premise.added").count() == 1
    assert "No place is known" not in words(sends(dana, "/desk/start/", {"place": "77 Heron Ct", "family": ""}))
    assert "No place is known" in words(sends(dana, "/desk/start/", {"place": "78 Heron Ct", "family": ""}))
    start = f"/desk/start/?place={place.number}"
    assert start in dana.get(answer["Location"]).content.decode()
    page = dana.get(start)
    assert page.context["form"]["place"].value() == place.number
    assert f'data-draft="new-customer {start}"' in page.content.decode(), "a draft of another place is not brought back"


def test_a_premise_that_is_known_is_named_not_added_again(iris):
    sends(iris, "/desk/premises/do/add/", ADDRESS)
    place = Premise.objects.get(street="77 Heron Ct")
    again = sends(iris, "/desk/premises/do/add/", {**ADDRESS, "street": "77 HERON ct"})
    assert again.status_code == 422
    assert f"77 Heron Ct is known: premise {place.number}." in words(again)


def test_a_further_point_has_the_next_number(iris):
    sends(iris, "/desk/premises/do/add/", ADDRESS)
    place = Premise.objects.get(street="77 Heron Ct")
    sends(iris, f"/desk/premises/{place.number}/do/point/", {"kind": "unmetered", "feeder": ""})
    assert [(p.number, p.kind) for p in place.service_points.order_by("number")] == [
        (f"{place.number}/1", "metered"), (f"{place.number}/2", "unmetered"),
    ]  # fmt: skip


def test_meters_come_into_stock_by_the_list_with_their_channels_and_multiplier(technician):
    assert sends(technician, "/desk/meters/do/receive/", METERS).status_code == 303
    said = words(technician.get("/desk/meters/"))
    assert re.search(r"E-500001 .*Estuary .*Q4 .*kWh, kWh received, kVArh", said), said
    channels = Channel.objects.filter(meter__badge="E-500002").order_by("id")
    assert [(c.name, c.quantity, c.flow, c.interval) for c in channels] == [
        ("kWh", "energy", "delivered", 900), ("kWh received", "energy", "received", 900),
        ("kVArh", "reactive", "delivered", 900),
    ]  # fmt: skip
    factors = Multiplier.objects.filter(channel__in=channels)
    assert {(int(one.factor), one.period.start.isoformat()) for one in factors} == {(40, "2026-11-02")}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"badges": "E-1\nE-1"}, "E-1: there twice."),
        ({"badges": "E-1\n\nhalf a number"}, "Line 3: half a number is not a meter number."),
        ({"badges": "\n".join(f"E-{n}" for n in range(501))}, "501 numbers: up to 500 at once."),
        ({"multiplier": "0"}, "“Multiplier” is 0.000001 at least."),
        ({"since": "2026-12-24"}, "This lies ahead."),
    ],
)
def test_a_list_with_something_wrong_adds_nothing(technician, changed, why):
    known = Meter.objects.count()
    answer = sends(technician, "/desk/meters/do/receive/", METERS | changed)
    assert answer.status_code == 422
    assert why in words(answer)
    assert Meter.objects.count() == known


def test_a_meter_that_is_known_is_not_added_again(technician):
    known = Meter.objects.order_by("badge").first().badge
    answer = sends(technician, "/desk/meters/do/receive/", METERS | {"badges": f"E-500001\n{known}"})
    assert f"{known}: known already." in words(answer)
    assert not Meter.objects.filter(badge="E-500001").exists()


def test_who_may_not_is_told_who_may(dana, iris):
    assert dana.get("/desk/premises/do/add/").status_code == 403
    assert iris.get("/desk/meters/do/receive/").status_code == 403
    assert "Add a premise" not in words(dana.get("/desk/accounts/"))
