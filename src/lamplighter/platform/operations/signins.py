"""Unlock a login that wrong passwords locked."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.signins import sign_in_of
from lamplighter.platform.transactions import in_transaction


class CannotUnlock(Exception):
    """Why there is nothing to unlock, fit to be read aloud."""


@in_transaction
def unlock(*, user: User, remark: str, account: int | None, by: Actor, at: datetime) -> None:
    """The wrong passwords are forgotten: the next try counts as the first. Raises CannotUnlock."""
    if not remark.strip():
        raise CannotUnlock("Say how you know who asks.")
    if sign_in_of(user, at=at).locked_until is None:
        raise CannotUnlock("This sign-in is not locked.")
    AccessAttempt.objects.filter(username=user.username).delete()
    record("platform.signin.unlocked", subject=f"user:{user.username}", account=account, by=by, at=at, remark=remark)
