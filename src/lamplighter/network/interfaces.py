"""Head-ends as interfaces: when one was last heard, what waits for its answer, and what went wrong on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from lamplighter.formats.network.messages import Act
from lamplighter.kernel.actors import Actor
from lamplighter.network.models import Command, HeadEnd, Message
from lamplighter.network.operations.commanding import CannotAsk, ask
from lamplighter.network.types import OPEN, Protocol
from lamplighter.platform.interfaces import CannotRetry, FailedMessage, Interface, Standing, register
from lamplighter.platform.transactions import advisory_lock

LATELY = timedelta(days=14)
FRESH = timedelta(days=1)
RETRY = "retry"
QUIET = 26 * 3600
SHOWN = 30


@register
def head_ends() -> Sequence[Interface]:
    return [
        Interface(one.key, one.name, one.vendor, f"Meters, {Protocol(one.protocol).label}", partial(standing, one),
                  partial(retry, one))
        for one in HeadEnd.objects.filter(active=True)
    ]  # fmt: skip


def standing(head_end: HeadEnd, at: datetime) -> Standing:
    heard = Message.objects.filter(head_end=head_end, outcome="taken").order_by("-id").first()
    waiting = Command.objects.filter(head_end=head_end, state__in=OPEN).count()
    return Standing(heard.at if heard else None, waiting, failures(head_end, at), QUIET)


def failures(head_end: HeadEnd, at: datetime) -> list[FailedMessage]:
    """Commands that failed or found no answer, and messages that nobody understood."""
    since = at - LATELY
    lost = Command.objects.filter(head_end=head_end, state__in=["failed", "timed-out"], ended_at__gte=since)
    strange = Message.objects.filter(head_end=head_end, direction="in", outcome="refused", at__gte=since)
    found = [_command(one) for one in lost.select_related("meter").order_by("-ended_at")[:SHOWN]]
    found += [
        FailedMessage(f"message:{one.pk}", one.at, f"Not understood: {one.words}", one.body)
        for one in strange.order_by("-id")[:SHOWN]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def _command(command: Command) -> FailedMessage:
    wire = Message.objects.filter(transaction=str(command.pk)).order_by("id")
    evidence = "\n\n".join(
        f"{one.at.isoformat()} {one.direction} {one.operation}: {one.outcome} {one.words}\n{one.body}" for one in wire
    )
    assert command.ended_at is not None
    words = f"{command.get_act_display()}, meter {command.meter.badge}: {command.words or 'no answer'}"
    return FailedMessage(f"command:{command.pk}", command.ended_at, words, evidence, f"/desk/commands/{command.pk}/")


def retry(head_end: HeadEnd, key: str, by: Actor, at: datetime) -> str:
    """Ask the same of the meter once more; each command once. Switching off is never asked again so: it needs its
    certificate anew. Nor is switching on after a day, or after the switch was asked for something else: who lives there
    may have changed."""
    kind, _, number = key.partition(":")
    found = Command.objects.filter(head_end=head_end, pk=number).select_related("meter", "account").first() \
        if kind == "command" else None  # fmt: skip
    if found is None:
        raise CannotRetry("Only a command can be sent again; what came in is sent again by its sender.")
    if found.kind is Act.DISCONNECT:
        raise CannotRetry("Switching off is not repeated: its certificate is judged anew. See plan and collection.")
    advisory_lock(f"network.meter:{found.meter_id}")  # whoever asks for something else at this moment waits, or is seen
    if Command.objects.filter(origin=RETRY, origin_key=found.subject).exists():
        raise CannotRetry("It was asked again before. What came of that stands beside it.")
    if found.kind is Act.CONNECT and (_is_old(found, at) or _switched_since(found)):
        raise CannotRetry("Switching on is not repeated so late. Look at the meter, and ask anew.")
    try:
        ask(act=found.kind, meter=found.meter, account=found.account, by=by, at=at, origin=RETRY,
            origin_key=found.subject)  # fmt: skip
    except CannotAsk as refused:
        raise CannotRetry(str(refused)) from refused
    return f"Asked again: {found.get_act_display()}, meter {found.meter.badge}."


def _is_old(command: Command, at: datetime) -> bool:
    return command.ended_at is None or at - command.ended_at > FRESH


def _switched_since(command: Command) -> bool:
    """Told by the time, since the keys of commands are random; one of the same instant counts, too."""
    others = Command.objects.filter(meter=command.meter, asked_at__gte=command.asked_at).exclude(pk=command.pk)
    return others.filter(act__in=(Act.CONNECT, Act.DISCONNECT)).exists()
