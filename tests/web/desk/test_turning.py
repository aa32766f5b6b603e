"""Turning a customer's service off on a page, every check before the eyes, and giving it back with what it takes."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lamplighter.credit.models import Certificate
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.journeys.completing import report_order
from lamplighter.kernel.actors import staff
from tests.web.desk.test_credit import Forms
from tests.web.desk.town import NOW

from .conftest import words

HOA, SAM = "Thi Hoa Nguyen", staff("sam")


@pytest.fixture
def opens(dana, number):
    return lambda act, client=dana: Forms(client, number(HOA), act)


@pytest.fixture
def service(opens):
    return opens("turn-off").opened.context["form"]["agreement"].field.choices[0][0]


def test_a_shut_off_that_the_law_forbids_is_refused_with_every_reason(opens, service):
    refused = opens("turn-off").sends(agreement=service, reason="non-payment")
    assert refused.status_code == 422
    said = words(refused)
    assert "No notice of this debt that counts has been mailed. (Public Utilities Code 10010.1(a))" in said
    assert "not Friday to Sunday" in said
    assert not Order.objects.exists()
    assert not Certificate.objects.exists(), "looking writes nothing"


def test_a_danger_is_turned_off_urgently_with_its_certificate(opens, service):
    told = {"agreement": service, "reason": "hazard", "seen": "Wires down, call 4411"}
    checked = opens("turn-off").sends(**told)
    assert "Danger reported by staff:dana (Wires down, call 4411)." in words(checked)
    form = opens("turn-off")
    assert form.sends(**told, confirmed="1").status_code == 204
    order = Order.objects.get()
    assert (order.certificate, order.reason, order.priority) == (
        Certificate.objects.latest("id").number,
        "hazard",
        "urgent",
    )


def test_who_lives_behind_a_service_is_said_and_told_before_power_goes_off(opens, service):
    told = {"agreement": service, "how": "master-metered", "evidence": "lease"}
    assert "Tenants behind one meter" in words(opens("tenants").opened)
    assert opens("tenants").sends(**told).status_code == 204
    refused = opens("turn-off").sends(agreement=service, reason="request", for_day="2026-11-20", seen="call 9")
    assert "(Public Utilities Code 10009.1" in words(refused)
    assert opens("tenants").sends(**{**told, "how": "none"}).status_code == 204
    again = opens("turn-off").sends(agreement=service, reason="request", for_day="2026-11-20", seen="call 9")
    assert "10009" not in words(again)


def test_who_may_not_raise_orders_turns_nothing_off(at_desk, number):
    auditor = at_desk("audrey")
    for act in ("turn-off", "restore"):
        assert auditor.get(f"/desk/accounts/{number(HOA)}/do/{act}/").status_code == 403


def test_power_comes_back_from_the_page_with_what_it_takes(opens, service, at_desk, dana, number):
    told = {"agreement": service, "reason": "hazard", "seen": "Wires down", "confirmed": "1"}
    opens("turn-off").sends(**told)
    order = Order.objects.get()
    off = ReportIn(uuid4(), done=True, found_at=NOW, switch="off")
    report_order(order=order, report=off, by=SAM, at=NOW)
    panel = words(dana.get(f"/desk/accounts/{number(HOA)}/?panel=credit", headers={"HX-Request": "true"}))
    assert "Off since Nov 20 First: the danger is gone." in panel
    form = opens("restore")
    assert "First · The danger is gone" in words(form.opened)
    assert "First: the danger is gone." in words(form.sends(safe="on"))
    assert "Only a supervisor says that" in words(opens("restore").sends(cleared="on"))
    renee = opens("restore", at_desk("renee"))
    assert renee.sends(cleared="on", safe="on").status_code == 204
    back = Order.objects.get(kind="reconnect")
    assert back.priority == "urgent"
    assert f"Order SO-{back.number} restores it." in words(
        dana.get(f"/desk/accounts/{number(HOA)}/?panel=credit", headers={"HX-Request": "true"})
    )
