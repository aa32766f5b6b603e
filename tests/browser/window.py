"""A person at a window: pages are opened in a real Chromium, forms there are filled in and their buttons pressed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from lamplighter.platform.models import User
from tests.browser.doorway import Doorway
from tests.browser.filling import Form, follow
from tests.browser.slowly import PATIENCE, slow
from tests.browser.views import WIDE

ANSWERED = 120_000.0
"""Milliseconds in which the program answers: slides take long on a machine that is busy with others."""
STANDS = """() => [document.readyState === "complete", Number(document.documentElement.dataset.nth ?? -1),
  !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"),
  !document.querySelector("form[data-kept]") || !!document.querySelector(".field-refused")
    || !document.querySelector("[data-state], [data-route], [data-keep-page]")]"""
"""Whether a page is loaded, which answer it is, whether all its parts have come, and whether the crew's page (static
file field.js) has nothing under way, after which it loads itself again."""
CLOCK = """(() => {
  const now = () => Number(document.documentElement?.dataset.now) || Real.now(), Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
})()"""
"""Lets a page have the program's time, as the root of the page tells it."""
STORED = "local_storage,session_storage,indexeddb,cache_storage"
REDIRECTS = {302, 303}


class Window:
    """What Django's test client does, done with a browser.

    `get` opens an address; `post` fills in a form of a page that this person has opened, the newest first, and presses
    its button, so that nothing can be sent that no page offers. Both give the program's own answer. `sends` goes past
    the pages, for what a person could only do with tools.
    """

    def __init__(self, browser: Browser) -> None:
        """Stands for the whole session: one user after the other sits there."""
        self.doorway = Doorway()
        self._waits = browser._sync  # on Playwright's own loop, which turns while a test waits for the browser
        self._waits(self.doorway.open())
        self.context = browser.new_context(
            base_url=self.doorway.at, viewport=WIDE, reduced_motion="reduce", service_workers="block"
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.set_default_navigation_timeout(ANSWERED)
        self.context.add_init_script(CLOCK)
        self.page: Page = self.context.new_page()
        slow(self.page)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hears)
        self._storage = self.context.new_cdp_session(self.page)

    def opens(self, user: User | None) -> Window:
        """The same for who sits down now, signed in or not."""
        self.client = self.doorway.client = Client(enforce_csrf_checks=True)
        self.complaints: list[str] = []
        self._opened: list[str] = []
        if user:
            self.client.force_login(user)
        return self

    def leaves(self) -> None:
        """Nothing of theirs stays: no page, no draft."""
        self.doorway.closes()
        self.page.goto("/")
        self._storage.send("Storage.clearDataForOrigin", {"origin": self.doorway.at, "storageTypes": STORED})

    def close(self) -> None:
        self.context.close()
        self._waits(self.doorway.shut())

    def get(self, url: str, data: Mapping[str, Any] | None = None, **plain: Any) -> HttpResponse:
        """The page at `url`, opened; a file that it gives instead is fetched."""
        target = f"{url}?{urlencode(data, doseq=True)}" if data else url
        if plain:
            return self.client.get(target, **plain)
        before = len(self.doorway.asked)
        try:
            self.page.goto(target, wait_until="load")
        except Error as failed:
            if "Download is starting" not in failed.message and "ERR_ABORTED" not in failed.message:
                raise
        answer = self._answer("GET", target, before)
        here = self.page.url.removeprefix(self.doorway.at)  # where it led, if it led elsewhere
        self._opened = [seen for seen in self._opened if seen != here] + [here]
        return answer

    def follow(self, words: str) -> HttpResponse:
        """The page to which a link of this one leads."""
        before = len(self.doorway.asked)
        follow(self.page, words)
        answer = self._answer("GET", "", before)
        self._opened.append(self.page.url.removeprefix(self.doorway.at))
        return answer

    def post(self, url: str, data: Mapping[str, Any] | None = None, *, follow: bool = False, **_: Any) -> HttpResponse:
        """Fill in the form that goes to `url` with `data`, and press its button; `follow` gives the page after it.

        What the form has no field for is a button of the next step: to confirm, or to go on anyway.
        """
        form, button, later = self._form(url, data or {}), ("", ""), []
        for name, value in (data or {}).items():
            kind = form.fill(name, value)
            if kind == "button":
                button = name, str(value)
            elif kind == "nothing" and value not in ("", None, []):
                later.append((name, str(value)))
        answer = self._press(form, *button)
        for name, value in later if answer.status_code == 200 else ():
            answer = self._press(form, name, value)
        if follow and answer.status_code in REDIRECTS:
            chain = [(answer["Location"], answer.status_code)]
            answer = self._answer("GET", answer["Location"], self._pressed)
            answer.redirect_chain = chain  # as Django's client has it
        return answer

    def sends(self, url: str, data: Mapping[str, Any] | None = None, **headers: Any) -> HttpResponse:
        """What somebody sends with a program instead of a page."""
        plain = Client()
        plain.cookies = self.client.cookies
        return plain.post(url, data or {}, **headers)

    def _form(self, url: str, data: Mapping[str, Any]) -> Form:
        """The form that goes to `url`, on the page that stands there or on one that was opened before."""
        for target in [None, *reversed(self._opened)]:
            if target:
                self.page.goto(target, wait_until="load")
            self._settles()
            if form := Form.at(self.page, url, data):
                return form
        raise AssertionError(f"nothing that was opened has a form for {url}: {self._opened}")

    def _hears(self, said: ConsoleMessage) -> None:
        """A refusal that a test asks for is no fault of the page."""
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.complaints.append(said.text)

    def _press(self, form: Form, name: str, value: str) -> HttpResponse:
        self._pressed = len(self.doorway.asked)
        form.press(name, value)
        return self._answer("POST", form.url, self._pressed)

    def _answer(self, method: str, target: str, before: int) -> HttpResponse:
        """What the program answered to the page that was asked since, or to the form that was sent to `target`."""
        path, until = urlsplit(target).path, time.monotonic() + PATIENCE
        while True:
            if self.doorway.faults:
                raise self.doorway.faults.pop()
            for asked in self.doorway.asked[before:]:
                if asked.method == method and (asked.page if method == "GET" else urlsplit(asked.url).path == path):
                    self._settles()
                    return asked.answer
            assert time.monotonic() < until, f"the page never asked {method} {target}: {self._why()}"
            self.page.wait_for_timeout(20)

    def _settles(self) -> None:
        """Wait until the page that the program answered last stands there: an answer is known before the browser has
        it, and who goes on meanwhile would act on the page before, or be led away from the one they open next."""
        until = time.monotonic() + PATIENCE
        while True:
            led = [(nth, one) for nth, one in enumerate(self.doorway.asked) if one.page or one.away]
            last, newest = led[-1] if led else (-1, None)
            try:
                loaded, nth, *still = self.page.evaluate(STANDS)
            except Error:  # the page before is just being taken away
                loaded, nth, still = False, -1, [False]
            there = newest is None or nth == last or newest.file
            if loaded and all(still) and there:
                return
            assert time.monotonic() < until, f"answer {last} never became the page: {nth} of {self.doorway.asked}"
            self.page.wait_for_timeout(10)

    def _why(self) -> list[str]:
        """What the browser holds against the fields of the page."""
        return self.page.eval_on_selector_all(
            ":invalid", "all => all.filter(one => one.name).map(one => `${one.name}: ${one.validationMessage}`)"
        )
