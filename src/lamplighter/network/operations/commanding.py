"""Ask something of a meter, send it until somebody answers, and end it in exactly one way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.formats.network.messages import Act, Ask, Fault
from lamplighter.kernel.actors import Actor
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.certificates import why_not
from lamplighter.network.models import Command, HeadEnd, Message
from lamplighter.network.operations.steps import locked, step
from lamplighter.network.types import ACCEPTED, CREATED, FAILED, LABELS, OPEN, PATIENCE, SENT, SWITCHING, TIMED_OUT
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.queueing import AlreadyQueued, queue
from lamplighter.platform.transactions import advisory_lock, in_transaction

SEND = "network.send"


class CannotAsk(Exception):
    """A meter can't be asked this; the message is fit to be read aloud."""


@in_transaction
def ask(
    *,
    act: Act,
    meter: Meter,
    by: Actor,
    at: datetime,
    account: Account | None = None,
    certificate: str = "",
    origin: str = "desk",
    origin_key: str = "",
) -> Command:
    """A command, sent once the transaction has committed. The same that waits already is given back: asked twice, it
    is done once. Switching off needs a shut-off certificate that holds now, and at each try. Raises CannotAsk."""
    standing = Installation.objects.filter(meter=meter, span__contains=at).select_related("point").first()
    against = _uncertified(act, certificate, standing.point_id if standing else None, at)
    advisory_lock(f"network.meter:{meter.pk}")
    head_end = _refused(act, meter)
    if against:
        raise CannotAsk(against)
    waiting = Command.objects.filter(meter=meter, act=act, state__in=OPEN).first()
    if waiting is not None:
        return waiting
    made = Command.objects.create(
        head_end=head_end, act=act, meter=meter, point=standing.point if standing else None, account=account,
        certificate=certificate, origin=origin, origin_key=origin_key, asked_at=at, asked_by=by,
        expires_at=at + timedelta(seconds=PATIENCE[act].expires), next_at=at,
    )  # fmt: skip
    step(made, CREATED, by=by, at=at)
    record(
        "network.command.asked", subject=made.subject, account=made.account_id, by=by, at=at, act=act.value,
        meter=meter.badge, certificate=certificate,
    )  # fmt: skip
    _send_soon(made)
    return made


@in_transaction
def begin_try(*, command: Command, by: Actor, at: datetime) -> Ask | None:
    """What is to be sent now, counted before it goes, so that a kill sends it again and never twice as another; None
    when there is nothing (more) to send. What has expired ends here as timed out, and what must not be done any more
    as failed."""
    against = _uncertified(command.kind, command.certificate, command.point_id, at)
    found = locked(command)
    if not found.is_open:
        return None
    if at >= found.expires_at:
        step(found, TIMED_OUT, by=by, at=at, words=f"no answer in {PATIENCE[found.kind].expires} seconds")
        return None
    if against:
        step(found, FAILED, by=by, at=at, words=against)
        return None
    if found.state == CREATED:
        step(found, SENT, by=by, at=at)
    found.tries += 1
    found.next_at = min(at + timedelta(seconds=PATIENCE[found.kind].again), found.expires_at)
    found.save(update_fields=["tries", "next_at"])
    left = max(round((found.expires_at - at).total_seconds()), 1)
    return Ask(found.kind, found.meter.badge, str(found.pk), found.head_end.reply_url, left)


@in_transaction
def answered(*, command: Command, faults: Sequence[Fault], by: Actor, at: datetime) -> Command:
    """The head-end took it, or says why it does not. What ended meanwhile stays as it ended."""
    found = locked(command)
    if faults and found.is_open:
        step(found, FAILED, by=by, at=at, words="; ".join(fault.words for fault in faults))
    elif not faults and found.state == SENT:
        step(found, ACCEPTED, by=by, at=at)
    return found


@in_transaction
def keep_message(
    *, head_end: HeadEnd, direction: str, operation: str, outcome: str, body: str, at: datetime, message: str = "",
    transaction: str = "", words: str = "",
) -> Message:  # fmt: skip
    """One message as it went over the wire, logins struck out."""
    return Message.objects.create(
        head_end=head_end, direction=direction, operation=operation[:60], message=message[:80],
        transaction=transaction[:80], outcome=outcome, words=words[:300], body=body[:20_000].replace("\x00", ""), at=at,
    )  # fmt: skip


def head_end_of(meter: Meter) -> HeadEnd | None:
    """The head-end that reaches this meter: the one of its maker, else the one of all the others."""
    rows = HeadEnd.objects.filter(Q(makers__contains=[meter.maker]) | Q(makers=[]), active=True)
    return max(rows, key=lambda one: len(one.makers), default=None)


def _uncertified(act: Act, certificate: str, point: int | None, at: datetime) -> str:
    """Why a switch must not be opened now; whoever is judged is held first, as by a payment."""
    if act is not Act.DISCONNECT:
        return ""
    return why_not(certificate, point=point, at=at) if certificate else "Switching off needs a shut-off certificate."


def _refused(act: Act, meter: Meter) -> HeadEnd:
    if not meter.ami:
        raise CannotAsk(f"Meter {meter.badge} is read by hand: nobody reaches it over the network.")
    if act.value in {*SWITCHING, Act.STATE.value} and not meter.switch:
        raise CannotAsk(f"Meter {meter.badge} has no switch of its own. Send a crew.")
    head_end = head_end_of(meter)
    if head_end is None:
        raise CannotAsk(f"No head-end reaches meter {meter.badge}. {LABELS[act]} is not possible.")
    return head_end


def _send_soon(command: Command) -> None:
    try:
        queue(SEND, alone=f"{SEND}:{command.pk}", command=str(command.pk))
    except AlreadyQueued:
        return
