"""Logins and roles."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.access import ROLES, conflicts
from lamplighter.platform.models import RoleGrant, User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotAdd(Exception):
    """A login is refused; the message says why, for the administrator."""


class CannotGrant(Exception):
    """A role is refused; the message says why, for the administrator."""


class CannotEnd(Exception):
    """A role can't be ended so; the message says why, for the administrator."""


class CannotInvite(Exception):
    """A login is not invited; the message says why, for the administrator."""


class CannotClose(Exception):
    """A login can't be closed or opened again so; the message says why, for the administrator."""


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
    """A new login. Without a password it signs in by invitation, passkey or single sign-on only. Raises CannotAdd."""
    advisory_lock("platform.logins")
    if User.objects.filter(username__iexact=username).exists():
        raise CannotAdd(f"There is a login {username} already. Choose another.")
    user = User.objects.create(
        username=username, name=name, kind=kind, title=title, email=email, password=make_password(password),
        joined_at=at,
    )  # fmt: skip
    record("platform.user.added", subject=f"user:{username}", by=by, at=at, kind=kind)
    return user


@in_transaction
def link_login(*, user: User, by: Actor, at: datetime) -> None:
    """Record that a login is known to the identity provider from now on; the link itself is the sign-in library's."""
    record("platform.user.linked", subject=f"user:{user.username}", by=by, at=at)


@in_transaction
def invite(*, user: User, by: Actor, at: datetime) -> None:
    """Record that somebody is handed the means to choose a first password.

    Refused once they have signed in: a second way in would be a way into somebody else's work.
    """
    if user.last_login is not None:
        raise CannotInvite(f"{user.name} has signed in already and resets a password themselves.")
    if not user.is_active:
        raise CannotInvite(f"The login of {user.name} is closed. Open it again first.")
    record("platform.user.invited", subject=f"user:{user.username}", by=by, at=at)


@in_transaction
def close_login(*, user: User, by: Actor, at: datetime, remark: str) -> None:
    """Let nobody sign in with this login any more, and end its sessions at once. Its roles, its name and what it did
    stay as they are. Raises CannotClose for one's own, and for one that is closed.
    """
    if by == user.actor:
        raise CannotClose("Nobody closes their own login. Ask another administrator.")
    _switch(user, active=False, by=by, at=at, remark=remark)
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


@in_transaction
def reopen_login(*, user: User, by: Actor, at: datetime, remark: str) -> None:
    """Let a closed login sign in again, with the roles that it still holds. Raises CannotClose for one that is open."""
    _switch(user, active=True, by=by, at=at, remark=remark)


def _switch(user: User, *, active: bool, by: Actor, at: datetime, remark: str) -> None:
    found = User.objects.select_for_update().get(pk=user.pk)
    if found.is_active == active:
        raise CannotClose(f"The login of {found.name} is {'open' if active else 'closed'} already.")
    User.objects.filter(pk=found.pk).update(is_active=active)
    verb = "reopened" if active else "closed"
    record(f"platform.user.{verb}", subject=f"user:{found.username}", by=by, at=at, remark=remark)


@in_transaction
def grant_role(*, user: User, role: str, on: date, by: Actor, at: datetime, until: date | None = None) -> RoleGrant:
    """Give a role from `on`.

    Refuses what must be apart on any day of it, a role held already, a customer's login, and granting to oneself.
    """
    if role not in ROLES:
        raise CannotGrant(f"There is no role {role!r}. Roles are {', '.join(ROLES)}.")
    if user.kind != User.Kind.STAFF:
        raise CannotGrant(f"{user.name} is not staff; roles are for staff.")
    if by == user.actor:
        raise CannotGrant("Nobody grants a role to themselves.")
    User.objects.select_for_update().get(pk=user.pk)
    _refuse_together(user, role, Period(on, until))
    grant = RoleGrant.objects.create(user=user, role=role, period=Period(on, until), granted_by=by)
    record("platform.role.granted", subject=f"user:{user.username}", by=by, at=at, role=role)
    return grant


@in_transaction
def end_role(*, grant: RoleGrant, on: date, by: Actor, at: datetime) -> None:
    """Take a role away from `on`. On its first day or before, it is taken back: no day of it is left, and what was
    granted stays in the history. An end is never moved to a later day: that would be a grant.
    """
    found = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if found.period.end is not None and found.period.end <= on:
        raise CannotEnd(f"It ends on {found.period.end:%b %-d, %Y} already. Grant the role again to give it longer.")
    verb = "ended" if found.period.start < on else "taken_back"
    if verb == "ended":
        RoleGrant.objects.filter(pk=found.pk).update(period=found.period.ending(on), ended_by=by)
    else:
        found.delete()
    record(f"platform.role.{verb}", subject=f"user:{found.user.username}", by=by, at=at, role=found.role)


def _refuse_together(user: User, role: str, period: Period) -> None:
    """Roles held on a day of `period`, and those that begin later in it, are judged with the new one."""
    held = set(RoleGrant.objects.filter(user=user, period__overlap=period).values_list("role", flat=True))
    if role in held:
        raise CannotGrant(f"{user.name} is {ROLES[role].label} then already.")
    if why := sorted({each for other in held for each in conflicts({role, other})}):
        raise CannotGrant(f"{user.name} can't also be {ROLES[role].label}: {'; '.join(why)}.")
