"""What the meter network's switches answered: an order that a command did is done as if a crew had done it."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from lamplighter.fieldwork.certificates import why_not
from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.operations import reporting
from lamplighter.fieldwork.operations.steps import locked, step
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.fieldwork.rules import OPEN
from lamplighter.journeys.belated import keep_belated
from lamplighter.journeys.severing import hold_account
from lamplighter.kernel.actors import Actor
from lamplighter.metering import operations as metering
from lamplighter.platform.transactions import in_transaction


@in_transaction
def why_not_sent(*, order: Order, at: datetime) -> str:
    """Asked once more in the transaction that sends a command: why it must not leave, or nothing."""
    hold_account(order)
    found = locked(order)
    if found.state != Order.State.WAITING:
        return f"Order {found} is {found.get_state_display().lower()}."
    return why_not(found.certificate, at=at) if found.certificate else ""


@in_transaction
def done_by_wire(
    *, order: Order, correlation: str, switch: str, found_at: datetime, by: Actor, at: datetime
) -> Report:  # fmt: skip
    """The switch was read back as "on" or "off" at an instant. The same correlation again changes nothing; on an order
    that was recalled meanwhile it is belated, and power that went off comes back free of charge."""
    hold_account(order)
    found = locked(order)
    report = ReportIn(uuid5(NAMESPACE_URL, f"command:{correlation}"), done=True, found_at=found_at, switch=switch)
    if (again := reporting.kept(found, report)) is not None:
        return again
    if found.state not in OPEN:
        why = (
            f"{found.type.label}: switched {switch} by command, but the order was {found.get_state_display().lower()}."
        )
        return keep_belated(order=found, report=report, why=why, by=by, at=at)
    if found.state == Order.State.WAITING:
        step(found, Order.State.AT_WORK, by=by, at=at)
    metering.switch(point=found.point, state=switch, at=found_at, reason=f"order {found}", by=by, recorded_at=at)
    return reporting.finish_order(order=found, report=report, by=by, at=at)
