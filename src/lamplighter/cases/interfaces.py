"""The desk's own email and texts as interfaces: what came or went last, what waits to go, what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, Max, OuterRef

from lamplighter.cases.models import Contact, Message, MessageStep
from lamplighter.cases.operations.contacts import CannotLog
from lamplighter.cases.operations.messages import write_again
from lamplighter.cases.queries.contacts import outbox, sent_again
from lamplighter.cases.words import Means
from lamplighter.kernel.actors import Actor
from lamplighter.platform.interfaces import CannotRetry, FailedMessage, Interface, Standing, register

LATELY = timedelta(days=14)
SHOWN = 20
WAYS = {Means.EMAIL: "Email, the desk's", Means.TEXT: "Text messages, the desk's"}


@register
def letters() -> Sequence[Interface]:
    return [
        Interface(f"desk-{means.value}", name, "Outgoing mail", "What people at the desk and customers write",
                  partial(standing, means), send_again)
        for means, name in WAYS.items()
    ]  # fmt: skip


def send_again(key: str, by: Actor, at: datetime) -> str:
    """The same words to the same address, as another message of the thread; each that failed once."""
    kind, _, number = key.partition(":")
    asked = int(number) if kind == "message" and number.isdecimal() else 0
    found = Message.objects.filter(contact=asked).select_related("contact").first()
    if found is None:
        raise CannotRetry("There is no such message.")
    try:
        made = write_again(message=found, by=by, at=at)
    except CannotLog as refused:
        raise CannotRetry(str(refused)) from refused
    return f"{found.contact.number} goes out again as {made.contact.number}."


def standing(means: Means, at: datetime) -> Standing:
    steps = MessageStep.objects.filter(message__contact__means=means)
    went = steps.exclude(step=MessageStep.Step.FAILED).aggregate(last=Max("at"))["last"]
    came = Message.objects.filter(contact__means=means, contact__direction=Contact.Direction.IN)
    heard = came.aggregate(last=Max("contact__began_at"))["last"]
    again = sent_again(OuterRef("message"), OuterRef("message__opens"), OuterRef("message__body"))
    lost = steps.filter(~Exists(again), step=MessageStep.Step.FAILED, at__gte=at - LATELY)
    lost = lost.select_related("message__contact")
    failed = [
        FailedMessage(f"message:{one.message_id}", one.at, f"Not delivered: {one.message.contact.number}",
                      f"message {one.message.message_id}\nproof {one.proof}\n", f"/desk/contacts/{one.message_id}/")
        for one in lost.order_by("-at")[:SHOWN]
    ]  # fmt: skip
    return Standing(max(filter(None, (went, heard)), default=None), outbox(means).count(), failed)
