"""Hand a reconnect, or the first connect of a customer who starts, to the meter network where it reaches the switch; a
crew goes wherever it does not, or may not.

The order waits for a crew all the while: it is done when the switch is *seen* on, whatever became of the command.
Nothing is switched off so: that needs a certificate which holds while a message is on the air (docs/adr/0012).
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from lamplighter.credit.queries.reconnecting import wire_unasked
from lamplighter.fieldwork.models import Order, SiteNote
from lamplighter.fieldwork.operations.reporting import finish_order
from lamplighter.fieldwork.operations.steps import locked, step
from lamplighter.fieldwork.queries.orders import site_notes
from lamplighter.fieldwork.reports import ON, ReportIn
from lamplighter.fieldwork.rules import WAITING
from lamplighter.fieldwork.types import OrderKind
from lamplighter.formats.network.messages import Act
from lamplighter.journeys.severing import hold_account
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.models import Command, Sighting
from lamplighter.network.operations.commanding import ask, head_end_of
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import ServicePoint

MORNING, BY = time(8), time(10)
"""Power for whoever starts on a day is turned on from here on, and promised by then: a command that nobody answers has
failed within minutes, and a crew is told while the day is young."""
TURNS_ON = frozenset({OrderKind.CONNECT, OrderKind.RECONNECT})
CREW_LOOKS = frozenset({"hazard", "unauthorized-use"})
"""Whoever was turned off for these gets power back from somebody who stands there and looks."""
NOT_SOUND = frozenset({"damaged", "tamper", "load-side"})
"""What a crew found at the point that nobody switches on from afar."""


@in_transaction
def by_wire(*, order: Order, by: Actor, at: datetime) -> bool:
    """Ask the meter to switch on for an order that may be done now; whether it was asked. The caller answers for
    the load side: somebody at home said that it is safe, or the policy does not ask (`BackPolicy.wire_unasked`).
    """
    if order.kind not in TURNS_ON or order.state != WAITING or not _may_by_wire(order, at):
        return False
    meter = reachable(order.point, at=at)
    if meter is None:
        return False
    ask(
        act=Act.CONNECT, meter=meter, account=order.account, by=by, at=at, origin="order", origin_key=order.subject
    )  # fmt: skip
    return True


@in_transaction
def came_on(*, sighting: Sighting, point: ServicePoint, by: Actor, at: datetime) -> Order | None:
    """The switch at a point was seen on: an order there that the network was asked to do is done, and its crew need not
    go. None where none is open, or only a crew may do it."""
    waiting = Order.objects.filter(point=point, kind__in=TURNS_ON, state=WAITING, raised_at__lte=sighting.at)
    order = waiting.first()
    if order is None or not _was_asked(order):
        return None
    hold_account(order, at=at)
    found = locked(order)
    if found.state != WAITING:
        return None
    step(found, Order.State.AT_WORK, by=by, at=at)
    seen = ReportIn(
        uuid5(NAMESPACE_URL, f"sighting:{sighting.pk}"), done=True, found_at=sighting.at, switch=ON,
        words=f"Seen on over the network, meter {sighting.meter.badge}.",
    )  # fmt: skip
    finish_order(order=found, report=seen, by=by, at=at)
    return found


def starts_due(*, at: datetime) -> list[Order]:
    """Connects whose day has come, from `MORNING` on, where the network reaches the switch and was not asked yet."""
    now = at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
    if now.time() < MORNING or not wire_unasked(on=now.date()):
        return []
    waiting = Order.objects.filter(kind=OrderKind.CONNECT, state=WAITING, not_before__lte=now.date())
    found = list(waiting.select_related("point", "account").order_by("pk"))
    asked = set(
        Command.objects.filter(act=Act.CONNECT, origin_key__in=[one.subject for one in found]).values_list(
            "origin_key", flat=True
        )
    )
    return [one for one in found if one.subject not in asked and reachable(one.point, at=at) is not None]


def turns_on(point: ServicePoint, *, at: datetime) -> bool:
    """Whether the network turns power on at a point for whoever starts there, and nobody need look."""
    today = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    return (
        wire_unasked(on=today)
        and reachable(point, at=at) is not None
        and _needs_no_eyes(point.pk, point.premise_id, on=today)
    )


def reachable(point: ServicePoint, *, at: datetime) -> Meter | None:
    """The meter at this point that can be switched over the network now, if it can."""
    row = Installation.objects.filter(point=point, span__contains=at).select_related("meter").first()
    if row is None or not (row.meter.ami and row.meter.switch) or head_end_of(row.meter) is None:
        return None
    return row.meter


def _may_by_wire(order: Order, at: datetime) -> bool:
    """Nothing that is known of the place asks for eyes; and its day has come."""
    today = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    return order.not_before <= today and _needs_no_eyes(order.point_id, order.premise_id, on=today)


def _needs_no_eyes(point: int, premise: int, *, on: date) -> bool:
    """Neither why it was turned off, nor what the last crew found, nor a note of danger asks for somebody there."""
    done = Order.objects.filter(point=point, reports__outcome="done").order_by("-pk")
    off = done.filter(kind=OrderKind.DISCONNECT).first()
    found = done.values_list("reports__data__found", flat=True)[:1]
    if (off is not None and off.reason in CREW_LOOKS) or NOT_SOUND.intersection(found):
        return False
    notes = site_notes([premise], on=on)[premise]
    return not any(note.about == SiteNote.About.SAFETY for note in notes)


def _was_asked(order: Order) -> bool:
    """Whether the meter was asked to switch on while this order was open: for it, or before it and still unanswered."""
    asked = Command.objects.filter(point=order.point_id, act=Act.CONNECT)
    return asked.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=order.raised_at)).exists()
