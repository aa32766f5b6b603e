"""What a person sees when something can't be: not found, not allowed, too often, or our fault.

Each says what happened, what was not lost and what to do. A fragment that htmx asked for gets the same words in the
page's problem box.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from lamplighter.web.access import Refused
from lamplighter.web.ui import htmx
from lamplighter.web.visits import visit

PROBLEM = "#problem"
logger = logging.getLogger("lamplighter.web")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer(request, 400, title="That request made no sense")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Who can, when the refusal knows."""
    who = exception.who_can if isinstance(exception, Refused) else ()
    return answer(request, 403, title="You can't open this", because=str(exception), who_can=who)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The page was open too long or in another sign-in; nothing was done."""
    return answer(
        request, 403, title="This page is out of date",
        because="It was opened before the last sign-in. Nothing was done. Go back, reload the page and send it again.",
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    return answer(request, 404, title="Page not found", because=words)


def too_often(request: HttpRequest, *_: Any) -> HttpResponse:
    """Somebody guesses passwords, or forgot theirs (django-axes, allauth)."""
    return answer(request, 429, title="Too many tries")


def our_fault(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor a session: they may be what failed."""
    quote = f"E-{secrets.randbelow(9000) + 1000}"
    logger.error("%s quoted for %s %s", quote, request.method, request.path)
    fragment = htmx.asks(request)
    template = "ui/errors/fragment.html" if fragment else "ui/errors/500.html"
    words = {"status": 500, "title": "Something went wrong on our side", "quote": quote}
    return _aimed(HttpResponse(render_to_string(template, words), status=500), fragment=fragment)


def answer(request: HttpRequest, status: int, **words: Any) -> HttpResponse:
    fragment = htmx.asks(request)
    template = "ui/errors/fragment.html" if fragment else "ui/errors/page.html"
    known = hasattr(request, "user") and visit(request).is_staff
    base = "ui/desk.html" if known else "ui/portal.html"
    return _aimed(
        render(request, template, {"status": status, "base": base, **words}, status=status), fragment=fragment
    )


def _aimed(response: HttpResponse, *, fragment: bool) -> HttpResponse:
    if fragment:
        response["HX-Retarget"] = PROBLEM
        response["HX-Reswap"] = "innerHTML"
    return response
