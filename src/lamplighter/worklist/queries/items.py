"""Which items wait, which comes next, and what was done with one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from lamplighter.kernel.actors import Actor
from lamplighter.worklist.kinds import Desk, kinds, permitted
from lamplighter.worklist.models import Item, ItemQuerySet, Step


def open_items(
    *,
    at: datetime,
    kind: str | None = None,
    desk: Desk | None = None,
    owner: Actor | None = None,
    subject: str = "",
    permissions: frozenset[str] | None = None,
) -> ItemQuerySet:
    """What waits, most urgent first, each with its `age` and `overdue` as of `at`.

    With `permissions`, only kinds that somebody who holds them may work.
    """
    found = Item.objects.waiting()
    if kind is not None:
        found = found.filter(kind=kind)
    if desk is not None:
        found = found.filter(_on(desk))
    if owner is not None:
        found = found.filter(owner=owner)
    if subject:
        found = found.filter(subject=subject)
    if permissions is not None:
        found = found.of_kinds(permitted(permissions))
    return found.with_age(at).most_urgent_first()


def items_of(*, account: int) -> QuerySet[Item]:
    """Everything that waits or waited about an account, newest first."""
    return Item.objects.filter(account=account).order_by("-raised_at", "-id")


def steps_of(item: Item) -> QuerySet[Step]:
    """What was done with it, oldest first, with the remarks."""
    return item.steps.select_related("remark").order_by("id")


def next_after(item: Item, *, by: Actor) -> Item | None:
    """The next item of the same kind that is free or `by`'s own, from the top again after the last; None: all done."""
    mine = Item.objects.waiting().filter(Q(owner__isnull=True) | Q(owner=by), kind=item.kind).exclude(pk=item.pk)
    later = mine.filter(Q(due_at__gt=item.due_at) | Q(due_at=item.due_at, id__gt=item.pk))
    return later.most_urgent_first().first() or mine.most_urgent_first().first()


def _on(desk: Desk) -> Q:
    own = Q(kind__in=[kind.key for kind in kinds(desk)])
    if desk is Desk.ADMINISTRATION:
        return own | ~Q(kind__in=[kind.key for kind in kinds()])  # else nobody would see them
    return own
