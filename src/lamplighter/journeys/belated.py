"""A report on an order that was over or was not to be done: kept, told to a person; power that went off comes back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.operations import reporting
from lamplighter.fieldwork.operations.ordering import cancel_order
from lamplighter.fieldwork.reports import OFF, ReportIn
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.restoring import undo
from lamplighter.kernel.actors import Actor
from lamplighter.metering import operations as metering
from lamplighter.platform.transactions import in_transaction


@in_transaction
def keep_belated(*, order: Order, report: ReportIn, why: str, by: Actor, at: datetime) -> Report:
    """Nothing of it is applied but this: if service was turned off, that is how it stands, and it is given back at
    once and free of charge to whoever has service there."""
    kept = reporting.keep_late(order=order, report=report, why=why, by=by, at=at)
    wrongly = order.kind == OrderKind.DISCONNECT and report.done and report.switch == OFF
    if wrongly and order.state != Order.State.COMPLETE:
        if order.is_open:
            cancel_order(order=order, reason="not-needed", words=why, by=by, at=at)
        metering.switch(
            point=order.point, state=OFF, at=report.found_at, reason=f"order {order}", by=by, recorded_at=at
        )
        undo(order=order, on=at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date(), by=by, at=at)
    return kept
