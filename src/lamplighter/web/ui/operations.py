"""How a person likes their screen, kept with their login."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def prefer(*, user: User, theme: str, single_keys: bool, by: Actor, at: datetime) -> None:
    """Keep the theme ("system", "light", "dark") and whether letters alone are shortcuts."""
    User.objects.filter(pk=user.pk).update(theme=theme, single_keys=single_keys)
    record(
        "platform.user.preferred", subject=f"user:{user.username}", by=by, at=at, theme=theme, single_keys=single_keys
    )
