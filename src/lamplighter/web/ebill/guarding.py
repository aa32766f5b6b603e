"""Who gets past a bill's link: nobody too often, and only who has said the fact in this browser a while ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from ninja.throttling import SimpleRateThrottle

from lamplighter.billing.models import BillLink
from lamplighter.notices.queries.pages import PageWords, page_words
from lamplighter.notices.rules.fields import Value

COOKIE = "bill"
PAGE = "bill"
"""The template that holds the words of these pages."""
MINUTES = 30

View = Callable[..., HttpResponseBase]


class PerAddress(SimpleRateThrottle):
    """As many requests a minute from one address as people need, counted in each process of the server."""

    scope = "bill-link"

    def __init__(self) -> None:
        super().__init__(rate="60/min")

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"bill-link-{get_adapter().get_client_ip(request)}"


def guarded(view: View) -> View:
    """Refuse who asks too often; nothing of what is answered is kept by a browser or a proxy, or found by searching."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        throttle = PerAddress()
        if throttle.allow_request(request):
            response = view(request, *args, **kwargs)
        else:
            response = closed(request, "too_often", status=429)
            response["Retry-After"] = str(int(throttle.wait() or 0) + 1)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def closed(
    request: HttpRequest, why: str, *, status: int, words: PageWords | None = None, **values: Value
) -> HttpResponse:
    """Why the link shows nothing, and how to go on; in English where it is not looked at whose link it is."""
    words = words or page_words(PAGE, "en")
    say = words.say(values)
    about = {"title": say["subject"], "why": say[why], "say": say, "page_language": words.language}
    return render(request, "ebill/closed.html", about, status=status)


def let_in(response: HttpResponse, link: BillLink, path: str) -> None:
    """This browser has said the fact: it sees the bill, below this address alone, for a while."""
    response.set_signed_cookie(
        COOKIE, str(link.pk), max_age=MINUTES * 60, path=path, secure=settings.SECURE, httponly=True, samesite="Lax"
    )


def is_in(request: HttpRequest, link: BillLink) -> bool:
    said = request.get_signed_cookie(COOKIE, default="", max_age=MINUTES * 60)
    return bool(said == str(link.pk))
