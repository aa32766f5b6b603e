"""Send somebody to meters that have told nothing but estimates for too long."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, request_order
from lamplighter.fieldwork.types import OrderKind
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Installation
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import IntervalException

PROLONGED = "vee.prolonged-estimation"
ORIGIN = "readings"


@in_transaction
def order_meter_checks(*, on: date, by: Actor, at: datetime) -> list[Order]:
    """An order for each meter with an open finding of prolonged estimation, once for the finding: a check of a network
    meter, a read of one with dials only. Where an order is open for the same, that one stands for it."""
    waiting = (
        IntervalException.objects.filter(rule=PROLONGED, state=IntervalException.State.OPEN)
        .select_related("channel__meter")
        .order_by("pk")
    )
    known = set(Order.objects.filter(origin=ORIGIN).values_list("origin_key", flat=True))
    made = []
    for found in waiting:
        if found.subject in known:
            continue
        place = (
            Installation.objects.filter(meter=found.channel.meter, span__contains=at).select_related("point").first()
        )
        if place is None:
            continue  # a meter in the store room is nobody's round
        order = OrderIn(
            OrderKind.READ if found.channel.is_register else OrderKind.CHECK_AMI, place.point, on,
            account=Account.objects.filter(pk=found.account or 0).first(), origin=ORIGIN, origin_key=found.subject,
            instructions=found.message,
        )  # fmt: skip
        made.append(request_order(order=order, by=by, at=at))
    return made
