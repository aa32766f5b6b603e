"""Move an order one step on, and end what hangs on it."""

from __future__ import annotations

from datetime import datetime

from lamplighter.fieldwork.kinds import FAULTY, RETURNED
from lamplighter.fieldwork.models import Order, OrderStep, Task, Visit
from lamplighter.fieldwork.rules import NEXT
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Remark
from lamplighter.platform.operations.events import record
from lamplighter.worklist.operations import finish_where

ENDS = {Order.State.COMPLETE: "done", Order.State.DISCARDED: "cancelled"}


def locked(order: Order) -> Order:
    """The order as it is now, held until the transaction ends."""
    return Order.objects.select_for_update(of=("self",)).select_related("point", "premise", "meter").get(pk=order.pk)


def step(
    order: Order, to: Order.State, *, by: Actor, at: datetime, reason: str = "", remark: Remark | None = None
) -> Order:
    """Write the step; the database moves the state with it. Tasks and worklist items end with the order."""
    serial = order.steps.count() + 1
    was = order.state if serial > 1 else ""
    assert to in NEXT[was], f"an order does not go from {was!r} to {to!r}"
    OrderStep.objects.create(
        order=order, serial=serial, was=was, state=to, at=at, by=by, reason=reason, remark=remark
    )  # fmt: skip
    order.state = to
    if to in ENDS:
        Task.objects.filter(order=order).update(ended_at=at, outcome=ENDS[to])
        for kind in (FAULTY, RETURNED):
            finish_where(subjects=[order.subject], kind=kind.key, by=by, at=at)
    return order


def end_visit(order: Order, how: Visit.End, *, by: Actor, at: datetime) -> Visit | None:
    """The visit that stands, ended; None where none stands."""
    standing = Visit.objects.select_for_update().filter(order=order, ended_at__isnull=True).first()
    if standing is not None:
        standing.ended, standing.ended_at, standing.ended_by = how, at, by
        standing.save(update_fields=["ended", "ended_at", "ended_by"])
    return standing


def tell(
    name: str, order: Order, *, by: Actor, at: datetime, remark: str = "", reason: str = "", **data: object
) -> None:
    """One event about an order, on the timeline of its account."""
    record(
        name, subject=order.subject, account=order.account_id, by=by, at=at, remark=remark, reason=reason,
        kind=order.kind, point=order.point.number, **data,
    )  # fmt: skip
