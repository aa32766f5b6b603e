"""Issue and revoke the keys of other programs. A key is shown once; only its digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256

from lamplighter.kernel.actors import Actor
from lamplighter.platform.access import PERMISSIONS
from lamplighter.platform.access.duties import apart
from lamplighter.platform.models import ApiToken, User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

PREFIX, LONGEST_DAYS, FASTEST = "lamp_", 400, 6000


class CannotIssue(Exception):
    """A key is refused; the message says why, for the administrator."""


@in_transaction
def issue_token(
    *,
    user: User,
    label: str,
    scopes: Collection[str],
    per_minute: int,
    expires_on: date,
    on: date,
    by: Actor,
    at: datetime,
    source: str = "",
) -> tuple[ApiToken, str]:
    """The key's row and the key itself, which nobody sees again. `source` is where its payments go."""
    _check_use(user, scopes, source)
    _check_limits(per_minute, expires_on, on)
    key = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        user=user, label=label, begins=key[:12], digest=digest_of(key), scopes=sorted(scopes), source=source,
        per_minute=per_minute, issued_at=at, issued_by=by, expires_on=expires_on,
    )  # fmt: skip
    record(
        "platform.token.issued", subject=made.subject, by=by, at=at, user=user.username, scopes=made.scopes,
        source=source, per_minute=per_minute, expires_on=expires_on.isoformat(),
    )  # fmt: skip
    return made, key


@in_transaction
def revoke_token(*, token: ApiToken, by: Actor, at: datetime) -> ApiToken:
    """From now on it opens nothing."""
    live = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if live.revoked_at is not None:
        raise CannotIssue("This key was revoked already.")
    live.revoked_at, live.revoked_by = at, by
    live.save(update_fields=["revoked_at", "revoked_by"])
    record("platform.token.revoked", subject=live.subject, by=by, at=at, user=live.user.username)
    return live


def digest_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _check_use(user: User, scopes: Collection[str], source: str) -> None:
    if user.kind != User.Kind.PARTNER or not user.is_active:
        raise CannotIssue("Keys are for the open login of a partner system.")
    if not scopes or set(scopes) - set(PERMISSIONS):
        raise CannotIssue("Choose what the key is for.")
    if found := apart(scopes):
        raise CannotIssue(f"One key may not do both: {found[0]}.")
    if "payments.take" in scopes and not source:
        raise CannotIssue("Say into which source its payments go.")


def _check_limits(per_minute: int, expires_on: date, on: date) -> None:
    if not on < expires_on <= on + timedelta(days=LONGEST_DAYS):
        raise CannotIssue(f"A key ends within {LONGEST_DAYS} days.")
    if not 1 <= per_minute <= FASTEST:
        raise CannotIssue(f"Allow 1 to {FASTEST} requests a minute.")
