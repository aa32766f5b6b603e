"""The last door before a service is turned off: checked again at the moment and in the transaction of sending.

`turn_off` judges and sends. What is sent is an order, which a crew does (`journeys.disconnecting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from lamplighter.accounts.models import Agreement
from lamplighter.credit.models import Certificate
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.rechecking import certificate_of, had_last
from lamplighter.credit.rules.facts import Evidence, Reason, evidence_of
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.reporting import start_order
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction


class Sender(Protocol):
    """Writes the order that turns a service off, in the transaction that it is called in; its number."""

    def __call__(self, certificate: Certificate, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """The certificate of the moment of sending, and what was sent: "" when it was refused."""

    certificate: Certificate
    number: str = ""


@in_transaction
def turn_off(
    *, certificate: Certificate, send: Sender, by: Actor, at: datetime, evidence: Evidence | None = None
) -> Sent:
    """Judge the service anew and send only if every check still passes. Both answers are kept.

    The account's lock is held until the transaction ends: a payment that commits first is seen, and nothing is sent;
    one that comes while we send waits, and finds the order to recall.
    """
    agreement = certificate.agreement
    advisory_lock(f"account:{agreement.account_id}")
    again = certify(
        agreement=agreement, reason=Reason(certificate.reason), by=by, at=at, evidence=evidence, sending=True,
        rechecks=certificate,
    )  # fmt: skip
    return Sent(again, send(again) if certificate.allowed and again.allowed else "")


@in_transaction
def begin_order(*, order: Order, on: date, by: Actor, at: datetime) -> str:
    """The crew is there and begins; "", or why it must not. A disconnect is certified once more, at this moment (one of
    a place that nobody has for the first time, as a move-out), and that answer is kept whatever it is. Raises
    CannotStart for what certificates have no part in."""
    hold_account(order, at=at)
    found = certificate_of(order.certificate)
    agreement = found.agreement if found else _moved_out(order, at)
    if agreement is None or order.state != Order.State.WAITING or on < order.not_before:
        start_order(order=order, on=on, by=by, at=at)
        return ""
    again = certify(
        agreement=agreement, reason=Reason(found.reason) if found else Reason.MOVE_OUT, by=by, at=at,
        evidence=evidence_of(found.facts) if found else None, sending=True, rechecks=found,
    )  # fmt: skip
    if not again.allowed:
        return f"Do not disconnect. {again.why_not}"
    start_order(order=order, on=on, by=by, at=at, certificate=again.number)
    return ""


def _moved_out(order: Order, at: datetime) -> Agreement | None:
    """By whose leaving a disconnect without an account is judged; a danger is none's."""
    uncertified = order.cuts and not order.certificate and order.reason != Reason.HAZARD
    return had_last(order, at=at) if uncertified else None


def hold_account(order: Order, *, at: datetime) -> None:
    """Whoever moves an order that money can recall takes the account first, as a payment does."""
    account = order.account_id
    if account is None and order.cuts and (last := had_last(order, at=at)) is not None:
        account = last.account_id
    if account is not None:
        advisory_lock(f"account:{account}")
