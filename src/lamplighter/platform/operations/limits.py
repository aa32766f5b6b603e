"""Set how much a role may decide."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.access import PERMISSIONS, ROLES
from lamplighter.platform.models import ApprovalLimit
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


class CannotLimit(Exception):
    """A limit is refused; the message says why, for the administrator."""


@in_transaction
def set_limit(*, role: str, permission: str, amount: Money, on: date, by: Actor, at: datetime) -> ApprovalLimit:
    """From `on`, the role decides up to `amount` under the permission; what it might before ends there."""
    if role not in ROLES:
        raise CannotLimit(f"There is no role {role!r}. Roles are {', '.join(ROLES)}.")
    if permission not in PERMISSIONS or permission not in ROLES[role].permissions:
        raise CannotLimit(f"{ROLES[role].label} does not hold {permission!r}, so a limit of it means nothing.")
    if amount.cents < 0:
        raise CannotLimit(f"A limit is an amount of zero or more, not {amount}.")
    advisory_lock(f"limit {role} {permission}")
    rows = ApprovalLimit.objects.filter(role=role, permission=permission)
    if rows.filter(period__startswith__gte=on).exists():
        raise CannotLimit(f"A limit from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in rows.filter(period__contains=on):
        ApprovalLimit.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    limit = ApprovalLimit.objects.create(role=role, permission=permission, amount=amount, period=Period(on), set_by=by)
    record(
        "platform.limit.set", subject=f"role:{role}", by=by, at=at, permission=permission, cents=amount.cents,
        start=on.isoformat(),
    )  # fmt: skip
    return limit
