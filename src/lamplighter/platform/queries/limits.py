"""How much somebody may decide."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.kernel.money import Money
from lamplighter.platform.models import ApprovalLimit, RoleGrant


def limit_of(actor: Actor, permission: str, *, on: date) -> Money | None:
    """The highest limit of the roles that a person holds on a day; None: no authority at all."""
    if actor.kind is not ActorKind.STAFF:
        return None
    roles = RoleGrant.objects.filter(user__username=actor.key, period__contains=on).values("role")
    limits = ApprovalLimit.objects.filter(role__in=roles, permission=permission, period__contains=on)
    highest: Money | None = limits.aggregate(highest=Max("amount"))["highest"]
    return highest


def within(actor: Actor, permission: str, amount: Money, *, on: date) -> bool:
    """Whether a person may decide so much alone on a day."""
    limit = limit_of(actor, permission, on=on)
    return limit is not None and amount <= limit
