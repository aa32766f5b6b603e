"""Which roles and permissions a login has on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.platform.access import permissions_of
from lamplighter.platform.models import RoleGrant, User


def roles_of(user: User, *, on: date) -> frozenset[str]:
    return frozenset(RoleGrant.objects.filter(user=user, period__contains=on).values_list("role", flat=True))


def permissions_on(user: User, *, on: date) -> frozenset[str]:
    return permissions_of(roles_of(user, on=on))
