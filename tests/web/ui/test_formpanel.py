"""Acts: once, with 422 for mistakes, 409 for conflicts, 303 for people and an event for htmx."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from lamplighter.platform.models import Event, RequestKey

pytestmark = pytest.mark.urls("tests.web.ui.urls")
PAY = "/desk/do/pay/"
HX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "panel"}


def payments() -> int:
    return Event.objects.filter(name="payments.payment.taken").count()


def test_a_panel_opened_directly_is_a_page(desk):
    html = desk.get(PAY).content.decode()
    assert "<html" in html
    assert "<h1>Take a payment</h1>" in html


def test_a_panel_that_htmx_asks_for_is_a_fragment(desk):
    html = desk.get(PAY, **HX).content.decode()
    assert "<html" not in html
    assert '<h2 id="panel-title" tabindex="-1">Take a payment</h2>' in html


def test_a_mistake_comes_back_as_422_with_what_was_typed(desk):
    response = desk.post(PAY, {"amount": "ten", "request_key": uuid4()}, **HX)
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count("Enter dollars and cents, like 84.66.") == 2, "in the summary and at the field"
    assert 'value="ten"' in html
    assert payments() == 0


def test_a_page_with_mistakes_says_error_in_its_title(desk):
    assert "<title>Error: Take a payment" in desk.post(PAY, {"amount": ""}).content.decode()


def test_a_done_act_leads_a_person_back_with_a_message(desk):
    response = desk.post(PAY, {"amount": "60", "request_key": uuid4()})
    assert (response.status_code, response["Location"]) == (303, "/desk/today/")
    assert "$60.00 taken." in desk.get("/desk/today/").content.decode()


def test_a_done_act_closes_the_panel(desk):
    response = desk.post(PAY, {"amount": "60", "request_key": uuid4()}, **HX)
    assert response.status_code == 204
    assert json.loads(response["HX-Trigger"])["lamp:done"]["message"] == "$60.00 taken."


def test_the_same_form_sent_twice_acts_once_and_answers_the_same(desk):
    form = {"amount": "60", "request_key": uuid4()}
    first, second = desk.post(PAY, form, **HX), desk.post(PAY, form, **HX)
    assert first["HX-Trigger"] == second["HX-Trigger"]
    assert (payments(), RequestKey.objects.count()) == (1, 1)


def test_a_key_used_for_another_amount_is_refused(desk):
    key = uuid4()
    desk.post(PAY, {"amount": "60", "request_key": key}, **HX)
    response = desk.post(PAY, {"amount": "61", "request_key": key}, **HX)
    assert response.status_code == 422
    assert "Open it again" in response.content.decode()
    assert payments() == 1


def test_a_money_form_without_its_key_does_nothing(desk):
    response = desk.post(PAY, {"amount": "60"}, **HX)
    assert response.status_code == 422
    assert "This form has lost its key." in response.content.decode()
    assert payments() == 0


def test_a_refusal_is_read_out_and_leaves_nothing_behind(desk):
    response = desk.post(PAY, {"amount": "501", "request_key": uuid4()}, **HX)
    assert response.status_code == 422
    assert "Amounts over $500.00 are taken by the head cashier." in response.content.decode()
    assert (payments(), RequestKey.objects.count()) == (0, 0)


def test_answers_are_checked_before_anything_happens(desk):
    form = {"on": "2026-11-24", "reason": "move", "request_key": uuid4()}
    shown = desk.post("/ui/do/move/", form, **HX)
    html = shown.content.decode()
    assert shown.status_code == 200
    assert "Check before you confirm" in html
    assert "Tue, Nov 24, 2026" in html
    assert RequestKey.objects.count() == 0
    changing = desk.post("/ui/do/move/", {**form, "change": "1"}, **HX).content.decode()
    assert 'value="2026-11-24"' in changing
    assert "Check before you confirm" not in changing
    assert desk.post("/ui/do/move/", {**form, "confirmed": "1"}, **HX).status_code == 204


def test_a_conflict_shows_theirs_and_yours_and_can_be_insisted_on(desk):
    conflict = desk.post("/ui/do/conflict/", {"words": "(510) 555-0142"}, **HX)
    html = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Mei-Ling changed this 20 seconds ago" in html
    assert "(510) 555-0177" in html
    assert '<input type="hidden" name="over" value="2">' in html
    assert desk.post("/ui/do/conflict/", {"words": "(510) 555-0142", "over": "2"}, **HX).status_code == 204


def test_other_methods_are_refused(desk):
    assert desk.put(PAY).status_code == 405
