"""Turn a service off for its reason: the certificate, its check when it is sent, and the orders that carry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.credit.kinds import REVIEW
from lamplighter.credit.models import Certificate, Process
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.rules.facts import Evidence, Reason
from lamplighter.fieldwork.certificates import Carried
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import CannotRaise, OrderIn, raise_order
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.journeys.severing import turn_off
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import finish_where

IN_THE_FIELD = {Reason.REQUEST: "customer-request"}
"""Reasons that orders call otherwise."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The newest certificate, and the orders that carry it: none where it was refused."""

    certificate: Certificate
    orders: tuple[Order, ...] = ()


def field_reason(reason: Reason) -> str:
    return IN_THE_FIELD.get(reason, reason.value)


@in_transaction
def order_off(
    *,
    agreement: Agreement,
    reason: Reason,
    on: date,
    by: Actor,
    at: datetime,
    evidence: Evidence | None = None,
    instructions: str = "",
) -> Cut:
    """Certify, check again, and raise an order at each point of the service. A refusal is kept and told, not raised.
    Raises CannotRaise where an order for the same is open or the switch is off."""
    asked = certify(agreement=agreement, reason=reason, by=by, at=at, evidence=evidence)
    if not asked.allowed:
        return Cut(asked)
    made: list[Order] = []

    def send(certificate: Certificate) -> str:
        for row in points_of(agreement):
            carried = Carried(certificate.number, agreement.account_id, row.point_id, field_reason(reason))
            wanted = OrderIn(
                kind=OrderKind.DISCONNECT, point=row.point, not_before=on, account=agreement.account,
                reason=field_reason(reason), origin="credit", origin_key=certificate.subject,
                priority=Priority.URGENT if reason is Reason.HAZARD else Priority.NORMAL, instructions=instructions,
            )  # fmt: skip
            made.append(raise_order(order=wanted, certificate=carried, by=by, at=at))
        return ", ".join(order.number for order in made)

    sent = turn_off(certificate=asked, send=send, by=by, at=at, evidence=evidence)
    if made and reason is Reason.NON_PAYMENT:
        running = Process.objects.filter(account=agreement.account_id, ended_on__isnull=True)
        finish_where(subjects=[one.subject for one in running], kind=REVIEW.key, by=by, at=at)
    return Cut(sent.certificate, tuple(made))


def points_of(agreement: Agreement) -> list[AgreementPoint]:
    """Where the service is, or last was, delivered. Raises CannotRaise where it never was."""
    rows = AgreementPoint.objects.filter(agreement=agreement, use=AgreementPoint.Use.ADD)
    found = list(rows.select_related("point__premise").order_by("point", "-period").distinct("point"))
    if not found:
        raise CannotRaise("This service has no point at which it could be turned off.")
    return found
