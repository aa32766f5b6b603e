"""Look at finished work a second time, and move waiting work from one person to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.workforce.models import WorkReview
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import CannotWork, assign, reopen

Verdict = WorkReview.Verdict


class CannotReview(Exception):
    """Work can't be reviewed so; the message is fit to be read aloud."""


@in_transaction
def review(*, item: Item, verdict: str, words: str, by: Actor, at: datetime) -> WorkReview:
    """What somebody finished was right, or is to be done again: then it waits anew. Once for each time it ended."""
    if verdict not in Verdict.values:
        raise CannotReview("Choose how it was done.")
    if verdict != Verdict.RIGHT and not words.strip():
        raise CannotReview("Say what to do otherwise.")
    advisory_lock(f"review:{item.pk}")
    held = Item.objects.get(pk=item.pk)
    if held.ended_at is None or held.owner is None:
        raise CannotReview("Nobody has finished this.")
    if held.owner == by:
        raise CannotReview("This was your own work. Ask a colleague to look at it.")
    if WorkReview.objects.filter(item=held, at__gte=held.ended_at).exists():
        raise CannotReview("Somebody has looked at this already.")
    remark = write_remark(words.strip(), at=at) if words.strip() else None
    made = WorkReview.objects.create(item=held, worker=held.owner, verdict=verdict, remark=remark, at=at, by=by)
    record("workforce.work.reviewed", subject=held.key, by=by, at=at, verdict=verdict, worker=str(held.owner))
    if verdict == Verdict.AGAIN:
        try:
            reopen(item=held, by=by, at=at, remark=words)
        except CannotWork as refused:
            raise CannotReview(str(refused)) from refused
    return made


@in_transaction
def rebalance(*, items: Sequence[Item], to: User, by: Actor, at: datetime, remark: str = "") -> int:
    """Give these items to somebody, all or none; how many."""
    for item in items:
        assign(item=item, to=to, by=by, at=at, remark=remark)
    return len(items)
