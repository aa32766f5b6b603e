"""Letters, email and text messages as interfaces: what waits to go out, what went, what a gateway refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from lamplighter.notices.channels import WAYS, Channel
from lamplighter.notices.models import Delivery
from lamplighter.notices.queries.outbox import waiting
from lamplighter.notices.rules.steps import FAILED, DeliveryStep
from lamplighter.platform.interfaces import FailedMessage, Interface, Standing, register

LATELY = timedelta(days=14)
SHOWN = 20
WHAT = {Channel.LETTER: "Letters to the print shop", Channel.EMAIL: "Email to customers",
        Channel.TEXT: "Text messages to customers"}  # fmt: skip

TRIED = (
    "What waits is tried again every minute. What was refused or came back has a wrong address: what follows is on the "
    "account."
)
INSTEAD = {Channel.LETTER: "A letter that came back is written anew, to another address.", Channel.EMAIL: TRIED,
           Channel.TEXT: TRIED}  # fmt: skip


@register
def channels() -> Sequence[Interface]:
    """One for each way out."""
    return [
        Interface(
            f"notices-{one.value}", one.label, "Outgoing mail", WHAT[one], partial(standing, one), instead=INSTEAD[one]
        )
        for one in WAYS
    ]


def standing(channel: Channel, at: datetime) -> Standing:
    steps = Delivery.objects.filter(notice__channel=channel)
    went = steps.filter(step=DeliveryStep.HANDED_OVER).order_by("-happened_at").first()
    refused = steps.filter(step__in=FAILED, happened_at__gte=at - LATELY).order_by("-happened_at")[:SHOWN]
    failed = [
        FailedMessage(f"N-{one.notice_id}", one.happened_at, f"{one.get_step_display()}: notice N-{one.notice_id}",
                      f"notice N-{one.notice_id}\nstep {one.step}\nproof {one.proof}\n",
                      f"/desk/letters/{one.notice_id}/")
        for one in refused
    ]  # fmt: skip
    return Standing(went.happened_at if went else None, waiting(channel).count(), failed)
