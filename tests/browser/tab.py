"""A page of the browser that one test leaves to the next as if it were new.

What a new one makes ready first - a process, scripts, styles and type - costs most of what a short test does in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

from tests.browser.slowly import PATIENCE, slow
from tests.browser.views import WIDE

NOBODY = "/static/nobody"
"""An empty page of the program's own address, for which the browser needs no other process."""
STORED = "local_storage,indexeddb,cache_storage,service_workers"
EXPECTED = (
    "the server responded with a status of 4", "the server responded with a status of 500", "ERR_INTERNET",
    "ERR_FAILED",
)  # fmt: skip
"""What the browser says of answers that a test asks for, and of what finds no signal."""


def new_tab(browser: Browser, server: str) -> Page:
    """In a profile of its own."""
    context = browser.new_context(base_url=server, viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    slow(page)
    return page


@contextmanager
def watched(page: Page, server: str) -> Iterator[None]:
    """What the browser complains of (scripts, policy, missing files) fails the test, and so does whatever is asked of
    another host than the program's own (ALL-E10)."""
    complaints: list[str] = []

    def failed(error: Error) -> None:
        complaints.append(str(error))

    def said(line: ConsoleMessage) -> None:
        if line.type == "error" and not any(words in line.text for words in EXPECTED):
            complaints.append(line.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((server, "data:", "blob:")):
            complaints.append(f"{request.url} is asked of somebody else")

    hears = {"pageerror": failed, "console": said, "request": asked}
    for event, listener in hears.items():
        page.on(event, listener)
    yield
    for event, listener in hears.items():
        page.remove_listener(event, listener)
    assert not complaints, complaints


def forget(page: Page, server: str) -> None:
    """Nobody is signed in, nothing is stored, and the page looks at nothing through what a test put before it."""
    page.context.set_offline(False)
    page.unroute_all(behavior="ignoreErrors")
    page.emulate_media(media="null", color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(WIDE)
    page.goto(NOBODY)
    page.mouse.move(0, 0)
    page.evaluate("sessionStorage.clear()")
    page.context.clear_cookies()
    profile = page.context.new_cdp_session(page)
    profile.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": STORED})
    profile.detach()
