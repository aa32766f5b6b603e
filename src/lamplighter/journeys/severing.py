"""Turn a service off: the last door. Checked again at the moment of sending, in the transaction that sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lamplighter.credit.models import Certificate
from lamplighter.credit.operations.certifying import certify
from lamplighter.credit.rules.facts import Evidence, Reason
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction


class Sender(Protocol):
    """Writes the order or command that turns a service off, in the transaction that it is called in; its number."""

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
