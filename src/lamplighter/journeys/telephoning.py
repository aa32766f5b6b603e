"""Calls as the telephone system tells of them: who rings at whose desk, who is it, and was it taken."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from lamplighter.cases.models import Contact
from lamplighter.cases.operations.contacts import (
    ContactIn,
    answer_contact,
    attach_account,
    begin_contact,
    end_contact,
)
from lamplighter.cases.words import Means
from lamplighter.customers import rules
from lamplighter.journeys.messaging import whose
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction


class CallState(StrEnum):
    """The states of Twilio's CallStatus."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


MISSED = frozenset({CallState.BUSY, CallState.FAILED, CallState.NO_ANSWER, CallState.CANCELED})


@in_transaction
def call_happened(
    *,
    key: str,
    state: CallState,
    number: str,
    agent: Actor | None,
    on: date,
    by: Actor,
    at: datetime,
    out: bool = False,
) -> Contact:
    """What the telephone system tells of one call, in any order and any number of times."""
    account, person = whose(number, on=on)
    contact = begin_contact(
        contact=ContactIn(
            Means.CALL, Contact.Direction.OUT if out else Contact.Direction.IN, f"call:{key}"[:200], _clear(number),
            account, person, agent,
        ),
        by=by, at=at,
    )  # fmt: skip
    if agent is not None and contact.handled_by != agent:
        contact = answer_contact(contact=contact, handled_by=agent, by=by, at=at)
    if account is not None and contact.account_id is None and contact.wrapped_at is None:
        contact = attach_account(contact=contact, account=account, person=person, by=by, at=at)
    if state in MISSED:
        return end_contact(contact=contact, by=by, at=at, missed=True)
    return end_contact(contact=contact, by=by, at=at) if state is CallState.COMPLETED else contact


def _clear(number: str) -> str:
    """E.164 where it is a number; a withheld one stays empty."""
    try:
        return rules.e164(number)
    except rules.CannotRecord:
        return ""
