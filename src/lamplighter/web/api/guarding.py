"""Who is asking, for what, and how often: keys, scopes and a limit by the minute."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from lamplighter.kernel.actors import Actor
from lamplighter.platform.access import PERMISSIONS
from lamplighter.platform.models import ApiToken
from lamplighter.platform.queries.tokens import token_of
from lamplighter.web.visits import visit


class Forbidden(Exception):
    """The key is not for that; the message says for what it would have to be."""


class Keys(HttpBearer):
    """`Authorization: Bearer lamp_...`"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return token_of(token, on=visit(request).on)


class PerMinute(SimpleRateThrottle):
    """As many requests a minute as the key may make, counted in each process of the server."""

    scope = "api"

    def __init__(self) -> None:
        super().__init__(rate="60/min")

    def get_cache_key(self, request: HttpRequest) -> str:
        token = token_used(request)
        self.num_requests, self.duration = token.per_minute, 60
        return f"api-token-{token.pk}"


def token_used(request: HttpRequest) -> ApiToken:
    """The key of this request; asking where nobody was let in is a fault."""
    token = getattr(request, "auth", None)
    assert isinstance(token, ApiToken), "the address is behind a key"
    return token


def partner(request: HttpRequest) -> Actor:
    return token_used(request).user.actor


def require(request: HttpRequest, scope: str) -> ApiToken:
    """Raises Forbidden where the key is not for `scope`, a permission."""
    assert scope in PERMISSIONS, scope
    token = token_used(request)
    if scope not in token.scopes:
        raise Forbidden(f"This key can't {PERMISSIONS[scope]}. It would need the scope {scope}.")
    return token
