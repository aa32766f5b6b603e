"""The timeline: what happened to an account or to a thing."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lamplighter.platform.models import Event


def events_about(*, subject: str = "", account: int | None = None) -> QuerySet[Event]:
    """Newest first, with their remarks: of one thing, or of everything on an account's timeline."""
    where = Q(subject=subject) if subject else Q(account=account)
    return Event.objects.filter(where).select_related("remark").order_by("-at", "-id")
