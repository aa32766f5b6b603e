"""How a duty is played through the pages: forms are opened, answered as a person would, and sent as the page does."""

from __future__ import annotations

from typing import Any

from django.forms import Select
from django.http import HttpResponse
from django.test import Client

from tests.browser.window import Window

DONE = {200, 204, 303}
"""What is answered to a form that did its work: what to read, nothing, or where to go on. What it refuses is 422."""


class Desk(Client):
    """Somebody of whom no browser is asked: what a window does, with forms sent as their pages have filled them in.

    For what a duty refuses, who may not do it, and what is counted behind it; each duty itself is done at windows.
    """

    complaints: tuple[str, ...] = ()

    def get(self, url: str, data: Any = None, **plain: Any) -> HttpResponse:
        return self._shown(url, super().get(url, data, **plain))

    def post(self, url: str, data: Any = None, *, follow: bool = False, **plain: Any) -> HttpResponse:
        form = getattr(self, "forms", {}).get(url)
        sent = _filled_in(form) | (data or {}) if form else data
        return self._shown(url, super().post(url, sent, follow=follow, **plain))

    def sends(self, url: str, data: Any = None, **headers: Any) -> HttpResponse:
        return super().post(url, data or {}, **headers)

    def _shown(self, url: str, answer: HttpResponse) -> HttpResponse:
        if answer.status_code in {200, 422} and answer.context and "form" in answer.context:
            self.forms = {url: answer.context["form"]}
        return answer


def _filled_in(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    sent = {name: form[name].value() for name in form.fields}
    sent = {form[name].html_name: getattr(value, "dollars", value) for name, value in sent.items()}
    sent = {name: value for name, value in sent.items() if value not in (None, "", False)}
    for name, field in form.fields.items():  # what it chooses by itself: the first of a list
        if name not in sent and field.required and isinstance(field.widget, Select):
            sent[name] = field.choices[0][0]
    return sent


def fills(window: Window, url: str, **answers: Any) -> HttpResponse:
    """Open the form at `url`, keep what it filled in, answer the rest, confirm what it asks to confirm."""
    opened = window.get(url)
    assert opened.status_code == 200, (url, opened.status_code)
    said = {name: value for name, value in answers.items() if value is not None}
    answer = window.post(url, said, follow=True)
    if answer.status_code == 200 and b'name="confirmed"' in answer.content:
        answer = window.post(url, {"confirmed": "1"}, follow=True)
    return answer
