"""Colleagues as choices of a form."""

from __future__ import annotations

from lamplighter.platform.models import User


def colleagues() -> list[tuple[str, str]]:
    """Active members of staff by name."""
    rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "username")
    return list(rows.values_list("username", "name"))


def colleague(username: str) -> User:
    return User.objects.get(username=username, kind=User.Kind.STAFF)
