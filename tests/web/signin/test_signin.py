"""Signing in: by password, by a demo card, not by guessing, and not for longer than the work lasts."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lamplighter.platform.models import User
from lamplighter.web.signin import sessions
from tests.web.conftest import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def dana():
    return make_person("dana", "Dana Reyes", "csr")


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_password_signs_in_and_leads_to_the_first_page(dana):
    client = Client()
    response = client.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in_as(client) == str(dana.pk)


def test_a_wrong_password_says_so_on_top_and_keeps_the_name(dana):
    html = Client().post(LOGIN, {"login": "dana", "password": "guess"}).content.decode()
    assert "There is a problem" in html
    assert "This login and password do not match. Try again" in html
    assert 'value="dana"' in html
    assert "<title>Error: Sign in" in html


def test_five_wrong_passwords_lock_the_name_from_that_address(dana):
    client = Client()
    for _ in range(4):
        assert client.post(LOGIN, {"login": "dana", "password": "guess"}).status_code == 200
    locked = client.post(LOGIN, {"login": "dana", "password": "guess"})
    assert locked.status_code == 429
    assert "Too many tries" in locked.content.decode()
    cache.clear()  # another server process, that counted none of it
    for name in ("dana", "DANA"):
        client.post(LOGIN, {"login": name, "password": PASSWORD})
        assert signed_in_as(client) is None
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    elsewhere.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert signed_in_as(elsewhere) == str(dana.pk), "whoever guesses locks nobody out of their own office"


def test_nobody_signs_up_by_themselves():
    assert Client().get("/accounts/signup/").status_code == 404


def test_signing_out_is_a_post_and_ends_the_session(desk):
    desk.post("/accounts/logout/")
    assert signed_in_as(desk) is None


@pytest.fixture
def at_home(dana):
    """Dana, signed in and asked for the password again, as sensitive settings do."""
    client = Client()
    client.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
     "/accounts/password/change/", "/accounts/reauthenticate/"],
)  # fmt: skip
def test_a_person_manages_their_second_factor_in_our_skin(at_home, path):
    page = at_home.get(path)
    assert page.status_code == 200
    assert '<body class="portal"' in page.content.decode()
    assert " style=" not in page.content.decode()


def test_a_password_alone_does_not_sign_in_somebody_with_a_second_factor(at_home):
    secret = at_home.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    at_home.post("/accounts/2fa/totp/activate/", {"code": code})
    assert at_home.get("/accounts/2fa/recovery-codes/").status_code == 200
    client = Client()
    response = client.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert signed_in_as(client) is None
    recovery = at_home.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    client.post("/accounts/2fa/authenticate/", {"code": recovery})
    assert signed_in_as(client) is not None


def test_without_the_demo_there_are_no_cards(settings, dana):
    settings.DEMO = False
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/enter/", {"username": "dana"}).status_code == 404
    assert Client().get("/")["Location"] == "/accounts/login/"


def test_in_the_demo_a_card_signs_in_with_one_click(settings, dana):
    settings.DEMO = True
    client = Client()
    assert client.get("/")["Location"] == "/demo/"
    assert "Be Dana Reyes" in client.get("/demo/").content.decode()
    response = client.post("/demo/enter/", {"username": "dana"})
    assert (response.status_code, response["Location"]) == (303, "/")
    assert signed_in_as(client) == str(dana.pk)


def test_the_demo_offers_nobody_who_has_nothing_to_see(settings, dana):
    settings.DEMO = True
    make_person("thihoa", "Thi Hoa Nguyen")
    assert "Thi Hoa Nguyen" not in Client().get("/demo/").content.decode(), "there is no portal"


def test_the_demo_speaks_of_passwords_only_where_somebody_has_one(settings, dana):
    settings.DEMO = True
    assert "with a password instead" in Client().get("/demo/").content.decode()
    User.objects.update(password=make_password(None))
    assert "with a password instead" not in Client().get("/demo/").content.decode()


def test_a_card_signs_in_nobody_but_its_people(settings):
    settings.DEMO = True
    make_person("mallory", "Mallory", "administrator")
    client = Client()
    assert client.post("/demo/enter/", {"username": "mallory"}).status_code == 404
    assert signed_in_as(client) is None
    assert client.get("/demo/enter/").status_code == 405


def test_a_session_slides_with_work_and_says_how_long_it_lasts(desk, settings, monkeypatch):
    age = settings.SESSION_COOKIE_AGE
    assert int(desk.get("/preferences/")["Session-Seconds"]) == age
    later = timezone.now() + timedelta(seconds=sessions.RENEW_EVERY - 60)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)
    assert int(desk.get("/preferences/")["Session-Seconds"]) == pytest.approx(age - sessions.RENEW_EVERY + 60, abs=2)
    assert int(desk.post("/session/")["Session-Seconds"]) == age


def test_the_first_page_of_a_customer_without_a_portal_is_their_preferences(signed_in):
    assert signed_in().get("/")["Location"] == "/preferences/"
