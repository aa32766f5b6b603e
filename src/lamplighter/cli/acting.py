"""In whose name a command acts: somebody who may do at the command line what they may do at the desk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lamplighter.kernel.actors import Actor


def person(username: str, *, needs: str, on: date) -> Actor:
    """The actor behind a login that holds a permission on a day. Django is set up."""
    from lamplighter.platform.models import User
    from lamplighter.platform.queries.users import permissions_on

    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise click.UsageError(f"There is no login “{username}”.")
    if needs not in permissions_on(user, on=on):
        raise click.ClickException(f"{user.name} may not do this: the permission {needs} is needed.")
    return user.actor
