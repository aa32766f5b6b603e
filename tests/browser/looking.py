"""What browser tests look at again and again: who is signed in, axe's findings, sideways scrolling, size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import brotli
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response, ViewportSize

from lamplighter.platform.models import User
from tests.web.conftest import make_person

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
BY_ROLE = {"csr": "dana", "supervisor": "renee", "account-manager": "joel", "administrator": "admin", "": "thihoa"}
WIDE: ViewportSize = {"width": 1366, "height": 768}
NARROW: ViewportSize = {"width": 390, "height": 844}
VIEWS = ((WIDE, "light"), (NARROW, "dark"))
ALL_VIEWS = tuple((size, theme) for size in (WIDE, NARROW) for theme in ("light", "dark"))


def sign_in(page: Page, role: str = "csr", *, username: str = "") -> User:
    """Sign in without the form: as whoever holds this role, or by name."""
    name = username or BY_ROLE.get(role, role)
    user = User.objects.filter(username=name).first() or make_person(name, name.title(), role)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
    return user


def findings(page: Page) -> list[str]:
    """What axe has against the page as it stands: rule and element."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def assert_accessible(page: Page, views: Sequence[tuple[ViewportSize, str]] = VIEWS) -> None:
    """No finding of axe and no sideways scroll, wide and narrow, light and dark."""
    for size, theme in views:
        page.set_viewport_size(size)
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
        assert_no_sideways_scroll(page)
        found = findings(page)
        assert not found, (page.url, size, theme, found)
    page.set_viewport_size(WIDE)


def assert_no_sideways_scroll(page: Page) -> None:
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room, f"{page.url} is {width} px wide in {room} px"


@contextmanager
def sizes(page: Page) -> Iterator[dict[str, int]]:
    """Bytes of everything that is fetched meanwhile, by address, as `serve` sends it.

    WhiteNoise stores Brotli beside each static text; pages go as they are, since their secrets must not be guessable
    from their compressed length (the BREACH attack).
    """
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108 - Playwright marks functions
    sent: dict[str, int] = {}
    yield sent
    for response in fetched:
        body = response.body()
        packed = response.url.endswith((".css", ".js", ".svg"))
        sent[response.url] = len(brotli.compress(body)) if packed else len(body)
