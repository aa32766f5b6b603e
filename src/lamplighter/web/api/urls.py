"""The API's addresses, its OpenAPI description at `openapi.json`, and what it answers when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled, ValidationError

from lamplighter import __version__
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.requests import KeyReused
from lamplighter.web.access import PUBLIC
from lamplighter.web.api import acting, reading
from lamplighter.web.api.guarding import Forbidden, Keys, PerMinute

api = NinjaAPI(
    title="Lamplighter",
    version=__version__,
    description="What the desk can do, for other programs. Amounts are whole cents, days are ISO dates.",
    docs_url=None,  # the usual page for humans loads scripts from elsewhere; docs/api.md is ours
    auth=Keys(),
    throttle=[PerMinute()],
    urls_namespace="api",
)
api.add_router("", reading.router)
api.add_router("", acting.router)


def _problem(status: int, code: str) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, wrong: Any) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": str(wrong)}, status=status)

    return answer


def _no_key(request: HttpRequest, _: Any) -> HttpResponse:
    words = "Send a valid key: Authorization: Bearer lamp_…"
    response = api.create_response(request, {"code": "no-key", "message": words}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _misunderstood(request: HttpRequest, wrong: Any) -> HttpResponse:
    """Every field that is wrong, where it stands and what was expected; never what was sent."""
    told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors)
    return api.create_response(request, {"code": "not-understood", "message": told}, status=422)


def _too_often(request: HttpRequest, wrong: Any) -> HttpResponse:
    words = "Too many requests this minute. Wait and send it again."
    response = api.create_response(request, {"code": "too-often", "message": words}, status=429)
    if wrong.wait:
        response["Retry-After"] = str(int(wrong.wait) + 1)
    return response


api.add_exception_handler(Forbidden, _problem(403, "not-for-this-key"))
api.add_exception_handler(reading.NotThere, _problem(404, "not-there"))
api.add_exception_handler(KeyReused, _problem(409, "key-reused"))
api.add_exception_handler(reading.BadQuestion, _problem(422, "bad-question"))
api.add_exception_handler(acting.Refused, _problem(422, "refused"))
api.add_exception_handler(CannotTake, _problem(422, "refused"))
api.add_exception_handler(AuthenticationError, _no_key)
api.add_exception_handler(ValidationError, _misunderstood)
api.add_exception_handler(Throttled, _too_often)


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """To the desk's guard these are public: each has the API's own, which asks for a key."""
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)
        pattern.callback.reach = PUBLIC  # type: ignore[attr-defined]
    return patterns


_patterns, _app, _space = api.urls
urlpatterns = [path("", (_open(_patterns), _app, _space))]
