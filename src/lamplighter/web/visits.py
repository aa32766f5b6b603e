"""One request: who asks, at which instant, on which of the utility's days, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from lamplighter.platform.access import permissions_of
from lamplighter.platform.models import User
from lamplighter.platform.queries.users import roles_of


@dataclass(frozen=True, slots=True)
class Visit:
    """`at` and `on` are read from the clock once, so that one request knows one time."""

    user: User | None
    at: datetime
    on: date
    roles: frozenset[str]
    permissions: frozenset[str]

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.kind == User.Kind.STAFF


def visit(request: HttpRequest) -> Visit:
    """The visit that this request is, asked of the database once."""
    known = cast("Visit | None", getattr(request, "_visit", None))
    user = request.user if request.user.is_authenticated else None
    if known is None or (known.user and known.user.pk) != (user and user.pk):
        known = _visit(user)
        request._visit = known  # type: ignore[attr-defined]
    return known


def _visit(user: User | None) -> Visit:
    at = timezone.now()
    on = timezone.localdate(at)
    roles = roles_of(user, on=on) if user and user.kind == User.Kind.STAFF else frozenset()
    return Visit(user=user, at=at, on=on, roles=roles, permissions=permissions_of(roles))
