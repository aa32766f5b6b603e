"""What browser tests ask again and again: who is signed in, that a page is accessible in each view, what it weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import brotli
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response, ViewportSize, expect

from lamplighter.platform.models import User
from tests.browser.slowly import TIMES
from tests.browser.views import VIEWS, WIDE, findings, show, sideways
from tests.web.conftest import make_person

BY_ROLE = {"csr": "dana", "supervisor": "renee", "account-manager": "joel", "administrator": "admin", "": "thihoa"}


def sign_in(page: Page, role: str = "csr", *, username: str = "") -> User:
    """Sign in without the form: as whoever holds this role, or by name."""
    name = username or BY_ROLE.get(role, role)
    user = User.objects.filter(username=name).first() or make_person(name, name.title(), role)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
    return user


def press(page: Page, keys: str) -> int:
    """Keys one by one; how many there were. `⏎` is Enter."""
    for key in keys:
        page.keyboard.press("Enter" if key == "⏎" else key)
    return len(keys)


def tab_to(page: Page, field: str, *, most: int = 25) -> int:
    """Tab until the field has focus, as somebody without a mouse does; how many keys it took."""
    wanted = page.locator(field)
    expect(wanted).to_be_visible()
    for keys in range(most):
        if wanted.evaluate("node => node === document.activeElement"):
            return keys
        page.keyboard.press("Tab")
    raise AssertionError(f"{field} is not reached with {most} tabs")


def assert_accessible(page: Page, views: Sequence[tuple[ViewportSize, str]] = VIEWS) -> None:
    """No finding of axe and no sideways scroll, wide and narrow, light and dark; not while slow on purpose."""
    if TIMES > 1:
        return
    for size, theme in views:
        show(page, size, theme)
        assert_no_sideways_scroll(page)
        found = findings(page)
        assert not found, (page.url, size, theme, found)
    page.set_viewport_size(WIDE)


def assert_no_sideways_scroll(page: Page) -> None:
    too_wide = sideways(page)
    assert not too_wide, too_wide


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
