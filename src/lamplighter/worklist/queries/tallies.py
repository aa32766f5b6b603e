"""How much waits: by desk for the badge, by list, and by owner for who plans the work."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count as CountRows
from django.db.models import Min, Q

from lamplighter.kernel.actors import Actor
from lamplighter.worklist.kinds import Desk, kind_of, permitted
from lamplighter.worklist.models import Item

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """What waits of one kind with one owner (None: nobody's yet)."""

    kind: str
    owner: Actor | None
    waiting: int
    overdue: int
    oldest_at: datetime

    @property
    def desk(self) -> Desk:
        kind = kind_of(self.kind)
        return kind.desk if kind else Desk.ADMINISTRATION


@dataclass(frozen=True, slots=True)
class Count:
    waiting: int
    overdue: int
    oldest_at: datetime


def tallies(*, at: datetime, permissions: frozenset[str] | None = None) -> list[Tally]:
    """Everything that waits, counted by kind and owner; one query, from which the other counts are sums."""
    found = Item.objects.waiting()
    if permissions is not None:
        found = found.of_kinds(permitted(permissions))
    rows = (
        found.values_list("kind", "owner")
        .annotate(waiting=CountRows("id"), overdue=CountRows("id", filter=Q(due_at__lt=at)), oldest=Min("raised_at"))
        .order_by("kind", "owner")
    )
    return [Tally(*row) for row in rows]


def by_desk(found: Iterable[Tally]) -> dict[Desk, Count]:
    return _sums(found, lambda tally: tally.desk)


def by_kind(found: Iterable[Tally]) -> dict[str, Count]:
    return _sums(found, lambda tally: tally.kind)


def by_owner(found: Iterable[Tally]) -> dict[Actor | None, Count]:
    return _sums(found, lambda tally: tally.owner)


def _sums(found: Iterable[Tally], of: Callable[[Tally], K]) -> dict[K, Count]:
    counts: dict[K, Count] = {}
    for tally in found:
        last = counts.get(of(tally), Count(0, 0, tally.oldest_at))
        counts[of(tally)] = Count(
            last.waiting + tally.waiting, last.overdue + tally.overdue, min(last.oldest_at, tally.oldest_at)
        )
    return counts
