"""Switch a meter on from its own page: over the network, or by a crew where the network does not reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.credit.rules.facts import Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, raise_order
from lamplighter.fieldwork.queries.orders import open_order
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.formats.network.messages import Act
from lamplighter.journeys.wiring import reachable
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Meter, SwitchState
from lamplighter.network.operations.commanding import ask
from lamplighter.network.queries.knowing import standing_at, switch_of
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import ServicePoint


class CannotSwitch(Exception):
    """A service is not switched so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Switching:
    """What was set going: `number` is the subject of a command, or the number of an order; `words` for the desk."""

    number: str
    words: str
    remote: bool


@in_transaction
def switch_on(*, meter: Meter, account: Account | None, by: Actor, at: datetime) -> Switching:
    """Remote first: the meter is asked, and a crew goes by itself when it does not answer (`journeys.commanding`).

    What was switched off on a certificate is switched on again where its cause is settled, and not from here. Raises
    CannotSwitch and CannotRaise.
    """
    if switch_of(meter, at=at).state == "on":
        raise CannotSwitch("The switch was seen on. If there is no power, check the meter.")
    point = standing_at(meter, at=at)
    if point is None:
        raise CannotSwitch(f"Meter {meter.badge} stands nowhere.")
    _refuse_certified(point, at)
    if reachable(point, at=at) is not None:
        command = ask(act=Act.CONNECT, meter=meter, account=account, by=by, at=at)
        return Switching(
            command.subject, "The meter is asked to switch on. This takes up to three minutes.", remote=True
        )
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    asked = OrderIn(
        kind=OrderKind.RECONNECT, point=point, not_before=on, account=account, priority=Priority.URGENT,
        origin_key=f"meter:{meter.badge}",
    )  # fmt: skip
    order = raise_order(order=asked, by=by, at=at)
    return Switching(order.number, f"The network does not reach this switch: order SO-{order.number}.", remote=False)


def _refuse_certified(point: ServicePoint, at: datetime) -> None:
    """Off by an order with a certificate, and nobody has decided since that it comes back. That somebody moved out
    stands against nobody."""
    if open_order(point, OrderKind.RECONNECT) is not None:
        return
    off = SwitchState.objects.filter(point=point, state=SwitchState.State.OFF, span__contains=at).first()
    if off is None:
        return
    cuts = Order.objects.filter(point=point, kind=OrderKind.DISCONNECT, reports__outcome="done")
    last = cuts.filter(reports__found_at__lte=off.span.start).order_by("-pk").first()
    if last is not None and last.certificate and last.reason != Reason.MOVE_OUT:
        raise CannotSwitch(
            f"This service was switched off on shut-off certificate {last.certificate}. It is switched on again when "
            "what stands against it is settled: see the account's plan and collection."
        )
