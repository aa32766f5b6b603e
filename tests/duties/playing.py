"""How a duty is played through the pages: forms are opened, answered as a person would, and sent as the page does."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from tests.browser.window import Window

DONE = {200, 204, 303}
"""What is answered to a form that did its work: what to read, nothing, or where to go on. What it refuses is 422."""


def fills(window: Window, url: str, **answers: Any) -> HttpResponse:
    """Open the form at `url`, keep what it filled in, answer the rest, confirm what it asks to confirm."""
    opened = window.get(url)
    assert opened.status_code == 200, (url, opened.status_code)
    said = {name: value for name, value in answers.items() if value is not None}
    answer = window.post(url, said, follow=True)
    if answer.status_code == 200 and b'name="confirmed"' in answer.content:
        answer = window.post(url, {"confirmed": "1"}, follow=True)
    return answer
