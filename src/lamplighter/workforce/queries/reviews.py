"""Finished work that nobody has looked at a second time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from lamplighter.kernel.actors import Actor
from lamplighter.workforce.models import WorkReview
from lamplighter.worklist.kinds import permitted
from lamplighter.worklist.models import Item

BACK = timedelta(days=14)


def to_review(*, permissions: frozenset[str], by: Actor, at: datetime) -> QuerySet[Item]:
    """What people finished or dismissed in the last two weeks, not oneself, the newest first."""
    seen = WorkReview.objects.filter(item=OuterRef("pk"), at__gte=OuterRef("ended_at"))
    rows = Item.objects.of_kinds(permitted(permissions)).filter(
        ended_at__gte=at - BACK, owner__isnull=False, outcome__gt=""
    )
    return rows.exclude(outcome="resolved").exclude(owner=by).exclude(Exists(seen)).order_by("-ended_at", "-id")
