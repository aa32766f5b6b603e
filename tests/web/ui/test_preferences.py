"""A person chooses colours and shortcuts; the page obeys from the server on."""

from __future__ import annotations

import pytest

from lamplighter.platform.models import Event, User

pytestmark = pytest.mark.django_db


def body(html: str) -> str:
    return html[html.index("<body") :].split(">", 1)[0]


def test_colours_are_set_before_the_page_is_drawn(desk):
    assert "theme.js" in desk.get("/ui/").content.decode()
    desk.post("/preferences/", {"theme": "dark", "keys": "single"})
    html = desk.get("/ui/").content.decode()
    assert '<html lang="en" data-bs-theme="dark" data-theme="dark">' in html
    assert "theme.js" not in html
    assert User.objects.get().theme == "dark"
    assert Event.objects.filter(name="platform.user.preferred").count() == 1


@pytest.mark.parametrize("keys", ["single", "prefix", "off"])
def test_shortcuts_can_be_moved_behind_a_semicolon_or_switched_off(desk, keys):
    response = desk.post("/preferences/", {"theme": "system", "keys": keys})
    assert response.status_code == 303
    assert f'data-keys="{keys}"' in body(desk.get("/ui/").content.decode())


def test_customers_choose_colours_only(signed_in):
    client = signed_in()
    assert "Shortcuts" not in client.get("/preferences/").content.decode()
    client.post("/preferences/", {"theme": "light"})
    assert User.objects.get().theme == "light"


def test_an_unknown_theme_is_refused(desk):
    assert desk.post("/preferences/", {"theme": "pink", "keys": "off"}).status_code == 422
    assert User.objects.get().theme == "system"
