"""Switch a service over the network, or by a crew where the network does not reach.

`remotely` is the sender that `journeys.severing.turn_off` calls with a certificate of that moment: nothing else asks
a meter to switch off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, AgreementPoint
from lamplighter.credit.models import Certificate
from lamplighter.fieldwork.operations.ordering import OrderIn, raise_order
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.formats.network.messages import Act
from lamplighter.journeys.severing import Sender
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.models import Command
from lamplighter.network.operations.commanding import CannotAsk, ask, head_end_of
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


def reachable(point: ServicePoint, *, at: datetime) -> Meter | None:
    """The meter at this point that can be switched over the network now, if it can."""
    row = Installation.objects.filter(point=point, span__contains=at).select_related("meter").first()
    if row is None or not (row.meter.ami and row.meter.switch) or head_end_of(row.meter) is None:
        return None
    return row.meter


def remotely(*, by: Actor, at: datetime) -> Sender:
    """Sends the certificate's disconnect to the meter, in the transaction that it is called in. Raises CannotAsk where
    no meter of the service can be switched so: choose a truck before (`reachable`)."""

    def send(certificate: Certificate, /) -> str:
        on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
        uses = AgreementPoint.objects.filter(agreement=certificate.agreement_id, period__contains=on)
        meters = [meter for use in uses.select_related("point") if (meter := reachable(use.point, at=at))]
        if len(meters) != 1 or uses.count() != 1:
            raise CannotAsk("This service is not switched by one meter over the network. Send a crew.")
        command = ask(
            act=Act.DISCONNECT, meter=meters[0], account=certificate.agreement.account, certificate=str(certificate.pk),
            by=by, at=at, origin="certificate", origin_key=certificate.subject,
        )  # fmt: skip
        return command.subject

    return send


@in_transaction
def switch_on(*, meter: Meter, account: Account | None, by: Actor, at: datetime, settled: bool = False) -> Switching:
    """Remote first: the meter is asked, and a crew goes by itself when it does not answer (`journeys.commanding`).

    What was switched off on a certificate is switched on again by whoever settles its cause, who says so (`settled`).
    Raises CannotSwitch and CannotRaise.
    """
    if switch_of(meter, at=at).state == "on":
        raise CannotSwitch("The switch was seen on. If there is no power, check the meter.")
    if not settled:
        _refuse_certified(meter)
    point = standing_at(meter, at=at)
    if point is None:
        raise CannotSwitch(f"Meter {meter.badge} stands nowhere.")
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


def _refuse_certified(meter: Meter) -> None:
    rows = Command.objects.filter(meter=meter, act__in=[Act.CONNECT, Act.DISCONNECT]).exclude(state="failed")
    last = rows.order_by("-asked_at").first()
    if last is not None and last.kind is Act.DISCONNECT:
        raise CannotSwitch(
            f"This service was switched off on shut-off certificate {last.certificate}. It is switched on again when "
            "what stands against it is settled: see the account's plan and collection."
        )
