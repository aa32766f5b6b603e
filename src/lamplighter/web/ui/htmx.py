"""Whether a request came from htmx, for which place of the page, and what to tell the page with the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

PANEL = "panel"  # the id of the slot at the right of a page


def asks(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def target(request: HttpRequest) -> str:
    """The id of the element that the answer goes into."""
    return request.headers.get("HX-Target", "")


def in_panel(request: HttpRequest) -> bool:
    return asks(request) and target(request) == PANEL


def tell(response: HttpResponse, event: str, detail: Mapping[str, Any]) -> HttpResponse:
    """Make htmx dispatch `event` on the page, with this detail."""
    response["HX-Trigger"] = json.dumps({event: dict(detail)})
    return response


def move_to(url: str) -> HttpResponse:
    """Make htmx leave for another page."""
    return HttpResponse(headers={"HX-Redirect": url})


def vary(response: HttpResponseBase) -> None:
    """One address answers a page or a fragment: a browser must not show one for the other."""
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request", "HX-Target"]))
