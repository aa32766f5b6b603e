"""The desk's own email and texts as interfaces: what came or went last, what waits to go, what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from lamplighter.cases.models import Contact, Message, MessageStep
from lamplighter.cases.queries.contacts import outbox
from lamplighter.cases.words import Means
from lamplighter.platform.interfaces import FailedMessage, Interface, Standing, register

LATELY = timedelta(days=14)
SHOWN = 20
WAYS = {Means.EMAIL: "Email, the desk's", Means.TEXT: "Text messages, the desk's"}


@register
def letters() -> Sequence[Interface]:
    return [
        Interface(f"desk-{means.value}", name, "Outgoing mail", "What people at the desk and customers write",
                  partial(standing, means))
        for means, name in WAYS.items()
    ]  # fmt: skip


def standing(means: Means, at: datetime) -> Standing:
    steps = MessageStep.objects.filter(message__contact__means=means)
    went = steps.exclude(step=MessageStep.Step.FAILED).aggregate(last=Max("at"))["last"]
    came = Message.objects.filter(contact__means=means, contact__direction=Contact.Direction.IN)
    heard = came.aggregate(last=Max("contact__began_at"))["last"]
    lost = steps.filter(step=MessageStep.Step.FAILED, at__gte=at - LATELY).select_related("message__contact")
    failed = [
        FailedMessage(f"message:{one.message_id}", one.at, f"Not delivered: {one.message.contact.number}",
                      f"message {one.message.message_id}\nproof {one.proof}\n", f"/desk/contacts/{one.message_id}/")
        for one in lost.order_by("-at")[:SHOWN]
    ]  # fmt: skip
    return Standing(max(filter(None, (went, heard)), default=None), outbox(means).count(), failed)
