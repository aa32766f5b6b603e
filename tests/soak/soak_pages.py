"""Every page of the demo city that a link leads to, as each of its people: no fault, axe clean, no sideways scroll.

It begins where each person begins, follows links, and looks at two pages of each address pattern in four views: wide
and narrow, light and dark. `LAMPLIGHTER_PAGES` names a city that is served already (http://127.0.0.1:8000);
otherwise one is built. `LAMPLIGHTER_PICTURES` names a folder to keep a picture of each page in, for people to look at.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import django
from django.urls import resolve
from playwright.sync_api import Page, Response, sync_playwright

from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.views import ALL_VIEWS, findings, show, sideways
from tests.kills.site import site

EACH = 2
"""Pages that are looked at of one pattern: two, since the first may be an empty one."""
PORT = 8399
LEFT_ALONE = re.compile(r"/(demo|accounts/logout|static|media)/|\.(csv|pdf|xlsx|txt|xml|json|zip|x9|ics)$|/(csv|pdf)/$")


def soak(seconds: float, seed: int) -> str:
    """All of it once, however long it takes up to `seconds`; `seed` decides nothing."""
    until = time.monotonic() + seconds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    django.setup()  # for the routes; no database is asked
    with _city() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        looked: Counter[str] = Counter()
        wrong: list[str] = []
        for person in _people(browser.new_page(), address):
            page = browser.new_context(reduced_motion="reduce").new_page()
            _enter(page, address, person)
            wrong += _walk(page, looked, person=person, until=until)
            page.context.close()
    assert not wrong, "\n".join([f"{len(wrong)} findings:", *wrong])
    return f"{sum(looked.values())} pages of {len(looked)} patterns in four views: nothing found."


@contextmanager
def _city() -> Iterator[str]:
    if served := os.environ.get("LAMPLIGHTER_PAGES"):
        yield served.rstrip("/")
        return
    with site() as world:
        world.run("lamplighter", "demo", "--no-serve", LAMPLIGHTER_DEMO="1")
        world.start("lamplighter", "demo", "--port", str(PORT), quiet=True, LAMPLIGHTER_DEMO="1")
        yield f"http://127.0.0.1:{PORT}"


def _people(page: Page, address: str) -> list[str]:
    page.goto(f"{address}/demo/")
    return [button.inner_text() for button in page.get_by_role("button", name=re.compile(r"^Be ")).all()]


def _enter(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/demo/")
    page.get_by_role("button", name=person, exact=True).click()
    page.wait_for_load_state("networkidle")


def _walk(page: Page, looked: Counter[str], *, person: str, until: float) -> Iterator[str]:
    """What is wrong with the pages that links lead to, nearest first; a pattern that was looked at is passed by."""
    met: Counter[str] = Counter()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    waiting = [page.url]
    seen = set(waiting)
    while waiting and time.monotonic() < until:
        url = waiting.pop(0)
        pattern = _pattern(url)
        met[pattern] += 1
        if met[pattern] > EACH:
            continue
        answer = _open(page, url)
        if answer is None:
            continue
        if answer.status >= 400:
            yield f"{person}: {urlsplit(url).path} answers {answer.status}"
        for link in _links(page):
            if link not in seen and not LEFT_ALONE.search(urlsplit(link).path):
                seen.add(link)
                waiting.append(link)
        if looked[pattern] < EACH:
            looked[pattern] += 1
            yield from (f"{person}: {urlsplit(url).path} {wrong}" for wrong in _looked_at(page, pattern))
        yield from (f"{person}: {urlsplit(url).path} says {error}" for error in errors)
        errors.clear()


def _pattern(url: str) -> str:
    """The route that answers the address: desk/accounts/<str:number>/, whatever the account."""
    return str(resolve(urlsplit(url).path).route)


def _open(page: Page, url: str) -> Response | None:
    """The page, settled; None if it is a file to keep."""
    try:
        answer = page.goto(url)
    except Exception as error:
        if "Download is starting" in str(error):
            return None
        raise
    page.wait_for_load_state("networkidle")
    return answer


def _links(page: Page) -> list[str]:
    found = page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))")
    here = urlsplit(page.url).netloc
    whole = (urldefrag(urljoin(page.url, link)).url for link in found)
    return [link for link in whole if urlsplit(link).netloc == here and urlsplit(link).scheme.startswith("http")]


def _looked_at(page: Page, pattern: str) -> Iterator[str]:
    for size, theme in ALL_VIEWS:
        show(page, size, theme)
        if too_wide := sideways(page):
            yield too_wide
        yield from (f"at {size['width']} px, {theme}: {found}" for found in findings(page))
        if folder := os.environ.get("LAMPLIGHTER_PICTURES"):
            name = re.sub(r"<[^>]*>", "-", pattern).strip("/").replace("/", ".") or "root"
            page.screenshot(path=Path(folder) / f"{name}.{size['width']}.{theme}.png", full_page=True)
