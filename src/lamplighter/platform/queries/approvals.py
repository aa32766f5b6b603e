"""Requests for a second person's decision."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Approval


def waiting_for(held: Collection[str]) -> QuerySet[Approval]:
    """What somebody with these permissions may decide, the oldest first; what they asked for themselves among it."""
    rows = Approval.objects.filter(state=Approval.State.WAITING, permission__in=held)
    return rows.select_related("ask_remark").order_by("asked_at")


def left_to(actor: Actor, held: Collection[str]) -> QuerySet[Approval]:
    """Of that, what somebody else asked for: nobody decides about their own request."""
    return waiting_for(held).exclude(asked_by=str(actor))
