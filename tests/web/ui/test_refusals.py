"""What people see when something can't be."""

from __future__ import annotations

import pytest
from django.test import Client

from lamplighter.web.access import Refused, who_can

pytestmark = pytest.mark.urls("tests.web.ui.urls")
HX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "panel"}


def test_a_refusal_says_who_can(signed_in):
    response = signed_in("supervisor").get("/desk/do/pay/")
    assert response.status_code == 403
    html = response.content.decode()
    assert "You can&#x27;t take payments into an own drawer." in html
    assert "Customer service representative, Senior customer service representative." in html


def test_a_refusal_can_be_worded():
    refused = Refused("adjustments.approve", "Refunds over $100 need a supervisor.")
    assert str(refused) == "Refunds over $100 need a supervisor."
    assert refused.who_can == who_can("adjustments.approve") == ("Customer services supervisor",)


def test_a_customer_is_told_that_a_page_is_for_staff(signed_in):
    response = signed_in().get("/ui/")
    assert response.status_code == 403
    assert "This page is for staff." in response.content.decode()


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_fragment_that_fails_goes_to_the_pages_problem_box(desk, status):
    response = desk.get(f"/ui/errors/{status}/", **HX)
    assert response.status_code == status
    assert response["HX-Retarget"] == "#problem"
    assert "<html" not in response.content.decode()


def test_our_fault_gives_a_number_to_quote_and_needs_no_database(desk, caplog):
    html = desk.get("/ui/errors/500/").content.decode()
    number = next(r.message.split()[0] for r in caplog.records if r.name == "lamplighter.web")
    assert number in html
    assert "was not done" in html


def test_an_unknown_address_is_explained_to_anybody(db):
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


def test_a_stale_page_is_explained(desk):
    client = Client(enforce_csrf_checks=True)
    client.cookies = desk.cookies
    response = client.post("/ui/do/note/", {"words": "x"})
    assert response.status_code == 403
    assert "Nothing was done." in response.content.decode()


def test_a_session_that_ended_sends_htmx_to_sign_in_and_back(db):
    response = Client().get("/ui/do/pay/", HTTP_HX_CURRENT_URL="http://testserver/ui/", **HX)
    assert response["HX-Redirect"] == "/accounts/login/?next=http%3A//testserver/ui/"


def test_who_sends_a_form_after_their_session_ended_is_told_that_nothing_was_done(db):
    sent = Client().post("/ui/do/note/", {"words": "x"}, HTTP_HX_CURRENT_URL="http://testserver/ui/", **HX)
    assert sent["HX-Redirect"] == "/accounts/login/?ended=1&next=http%3A//testserver/ui/"
    assert "Nothing was done." in Client().get(sent["HX-Redirect"]).content.decode()
    assert "Nothing was done." not in Client().get("/accounts/login/").content.decode()
