"""No log tells the secret in the address of a link that a customer was sent."""

from __future__ import annotations

import logging
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.urls import get_resolver

from lamplighter.config.hushing import hushed

SECRET = "k3yTh4tOpens"
PUBLIC = {"bill", "pay", "replies"}


@pytest.mark.parametrize(
    "path", ["/bill/{}/", "/bill/{}/pdf/", "/pay/{}/card/", "/pay/autopay/{}/agree/", "/replies/offer/{}/say/",
             "/replies/survey/{}/"],
)  # fmt: skip
def test_a_secret_is_left_out_and_the_page_is_named(path):
    told = hushed(path.format(SECRET))
    assert SECRET not in told
    assert told == path.format("…")


@pytest.mark.parametrize("path", ["/desk/accounts/204001-9/", "/pay/", "/lead/cash/", "a bill/of words"])
def test_other_addresses_stay_as_they_are(path):
    assert hushed(path) == path


def test_every_address_with_a_token_is_hushed():
    found = [
        f"/{place.pattern}{page.pattern}".replace("<str:token>", SECRET)
        for place in get_resolver().url_patterns if hasattr(place, "url_patterns")
        for page in place.url_patterns if "<str:token>" in str(page.pattern)
    ]  # fmt: skip
    assert {one.split("/")[1] for one in found} == PUBLIC
    assert [one for one in found if SECRET in hushed(one)] == []


def test_what_the_server_refuses_is_logged_without_the_secret(client, db, capfd):
    """A crafted key is not found; Django's own log names the path."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        dictConfig(settings.LOGGING)
        assert client.get(f"/replies/offer/{SECRET}/").status_code == 404
    finally:
        root.handlers, root.level = before
    said = capfd.readouterr().err
    assert "Not Found: /replies/offer/…/" in said
    assert SECRET not in said
