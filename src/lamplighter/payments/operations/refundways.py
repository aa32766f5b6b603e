"""Say who pays refunds from a day on: the utility from its bank account, or the city's accounts payable."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.payments.models import RefundWay
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction


@in_transaction
def set_refund_way(
    *, way: RefundWay.Way, starts_on: date, citation: str, on: date, by: Actor, at: datetime
) -> RefundWay:
    """For refunds made from `starts_on`, today (`on`) or later. What was made before goes its way to the end."""
    if starts_on < on:
        raise CannotRefund("Name today or a later day: refunds of days before were made already.")
    made = RefundWay.objects.create(way=way, starts_on=starts_on, citation=citation, recorded_at=at, recorded_by=by)
    record(
        "payments.refund_way.set", subject=f"refund-way:{made.pk}", by=by, at=at, remark=citation, way=made.way,
        starts_on=starts_on.isoformat(),
    )  # fmt: skip
    return made
