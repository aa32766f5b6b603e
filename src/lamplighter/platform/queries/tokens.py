"""Whose key this is, and whether it still opens something."""

from __future__ import annotations

from datetime import date

from lamplighter.platform.models import ApiToken
from lamplighter.platform.operations.tokens import digest_of


def token_of(key: str, *, on: date) -> ApiToken | None:
    """The live token of a key; one query, by the digest, so that nothing is compared letter by letter."""
    rows = ApiToken.objects.filter(
        digest=digest_of(key), revoked_at__isnull=True, expires_on__gt=on, user__is_active=True
    )
    return rows.select_related("user").first()
