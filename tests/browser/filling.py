"""A form of a page, filled in as a person would: the page is asked where, and the browser clicks and types there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.core.files.uploadedfile import UploadedFile
from playwright.sync_api import Page

HANDS = Path(__file__).with_name("hands.js").read_text(encoding="utf-8")
KEPT = ("request_key", "draft")
"""Hidden fields that each page has anew, whatever a test says they are."""
CLICKS = 100
"""More than any field needs: what is clicked on and does not change would be clicked on for ever."""


@dataclass(frozen=True, slots=True)
class Form:
    """The `nth` on `page` that goes to `url`; some of its fields may stand elsewhere on the page, under its name."""

    page: Page
    url: str
    nth: int

    @classmethod
    def at(cls, page: Page, url: str, data: Mapping[str, Any]) -> Self | None:
        """The one on `page` that goes to `url` and may be filled in with `data`, unfolded."""
        nth = _asked(page, "find", url, {name: str(value) for name, value in data.items()}, KEPT)
        if nth is None:
            return None
        form = cls(page, url, nth)
        form._does("unfold")
        return form

    def fill(self, name: str, value: Any) -> str:
        """Answer a field; "nothing" if there is none, "button" if the name is a button's."""
        several = value if isinstance(value, (list, tuple)) else [value]
        kind = self._does("fill", name, [str(one) for one in several], KEPT)
        if kind == "file":
            root = self.page.locator(f'form[method=post][action="{self.url}"]').nth(self.nth)
            root.locator(f'[name="{name}"]').set_input_files([_file(one) for one in several])
        elif kind == "text" and str(value):
            self.page.keyboard.insert_text(str(value))
        elif kind == "text":
            self.page.keyboard.press("Delete")
        return kind

    def press(self, name: str = "", value: str = "") -> None:
        """Click its button, or the one that says so."""
        self.page.mouse.click(*_asked(self.page, "press", self.url, self.nth, name, value)["click"])

    def _does(self, act: str, *told: Any) -> str:
        """Click where the page says until nothing is left to be clicked on; what else there is to do."""
        for _ in range(CLICKS):
            step = _asked(self.page, act, self.url, self.nth, *told)
            if "click" not in step:
                return str(step.get("is", ""))
            self.page.mouse.click(*step["click"])
        raise AssertionError(f"{act} {told} on {self.url}: it is clicked on and does not change")


def follow(page: Page, words: str) -> None:
    """Click the first link of the page that reads so."""
    page.mouse.click(*_asked(page, "follow", words)["click"])


def _asked(page: Page, act: str, *told: Any) -> Any:
    return page.evaluate(f"told => {{ {HANDS}\n return acts.{act}(...told); }}", list(told))


def _file(one: UploadedFile) -> dict[str, Any]:
    one.seek(0)
    return {"name": one.name, "mimeType": one.content_type or "application/octet-stream", "buffer": one.read()}
