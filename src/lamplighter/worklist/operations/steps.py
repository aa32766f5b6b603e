"""Write one step of an item and the event that tells it."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.worklist.models import Item, Step


def write_step(item: Item, act: Step.Act, *, by: Actor, at: datetime, remark: str = "") -> None:
    """The item's owner and outcome as they are now; the words of the remark stand in an erasable row."""
    event = record(
        f"worklist.item.{act.value}", subject=item.key, account=item.account, by=by, at=at, remark=remark,
        kind=item.kind, about=item.subject, owner=str(item.owner) if item.owner else None, outcome=item.outcome,
    )  # fmt: skip
    Step.objects.create(item=item, act=act, at=at, by=by, owner=item.owner, outcome=item.outcome, remark=event.remark)
