"""How a form is filled in without a window: opened, answered as a person would, and sent as its panel does."""

from __future__ import annotations

from typing import Any

from django.forms import Select
from django.http import HttpResponse
from django.test import Client

PANEL = {"HX-Request": "true", "HX-Target": "panel"}


def fills(client: Client, url: str, **answers: Any) -> HttpResponse:
    """Open the form at `url`, keep what it filled in, answer the rest, confirm what it asks to confirm."""
    opened = client.get(url)
    assert opened.status_code == 200, (url, opened.status_code)
    form = opened.context["form"]
    sent = {name: _shown(form[name]) for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, "")}
    for name, field in form.fields.items():  # what a browser chooses by itself: the first of a list
        if name not in sent and field.required and isinstance(field.widget, Select):
            sent[name] = field.choices[0][0]
    sent |= {name: value for name, value in answers.items() if value is not None}
    answer = client.post(url, sent, headers=PANEL)
    if answer.status_code == 200 and b'name="confirmed"' in answer.content:
        shown = {field.html_name: field.value() or "" for field in answer.context["form"].hidden_fields()}
        answer = client.post(url, sent | shown | {"confirmed": "1"}, headers=PANEL)
    return answer


def _shown(field: Any) -> Any:
    value = field.value()
    return str(value.dollars) if hasattr(value, "dollars") else value
