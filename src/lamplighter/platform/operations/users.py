"""Logins and roles."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.access import ROLES, conflicts
from lamplighter.platform.models import RoleGrant, User
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.users import roles_of
from lamplighter.platform.transactions import in_transaction


class CannotGrant(Exception):
    """A role is refused; the message says why, for the administrator."""


@in_transaction
def add_user(
    *,
    username: str,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    title: str = "",
    email: str = "",
    password: str | None = None,
) -> User:
    """A new login. Without a password it signs in by invitation, passkey or single sign-on only."""
    user = User.objects.create(
        username=username, name=name, kind=kind, title=title, email=email, password=make_password(password),
        joined_at=at,
    )  # fmt: skip
    record("platform.user.added", subject=f"user:{username}", by=by, at=at, kind=kind)
    return user


@in_transaction
def grant_role(*, user: User, role: str, on: date, by: Actor, at: datetime, until: date | None = None) -> RoleGrant:
    """Give a role from `on`. Refuses what must be apart, a customer's login, and granting to oneself."""
    if role not in ROLES:
        raise CannotGrant(f"There is no role {role!r}. Roles are {', '.join(ROLES)}.")
    if user.kind != User.Kind.STAFF:
        raise CannotGrant(f"{user.name} is not staff; roles are for staff.")
    if by == user.actor:
        raise CannotGrant("Nobody grants a role to themselves.")
    User.objects.select_for_update().get(pk=user.pk)
    if why := conflicts({*roles_of(user, on=on), role}):
        raise CannotGrant(f"{user.name} can't also be {ROLES[role].label}: {'; '.join(why)}.")
    grant = RoleGrant.objects.create(user=user, role=role, period=Period(on, until), granted_by=by)
    record("platform.role.granted", subject=f"user:{user.username}", by=by, at=at, role=role)
    return grant


@in_transaction
def end_role(*, grant: RoleGrant, on: date, by: Actor, at: datetime) -> None:
    """Take a role away from `on`."""
    RoleGrant.objects.filter(pk=grant.pk).update(period=grant.period.ending(on), ended_by=by)
    record("platform.role.ended", subject=f"user:{grant.user.username}", by=by, at=at, role=grant.role)
