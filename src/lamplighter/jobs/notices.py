"""Hand what was queued to its gateway."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import TRANSIENT
from lamplighter.kernel.actors import system
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Gateway
from lamplighter.notices.gateways.files import FileGateway, outbox_folder
from lamplighter.notices.operations.deliveries import hand_over
from lamplighter.notices.queries.outbox import waiting
from lamplighter.platform.transactions import unit_of_work

BY = system("notices")
MOST = 1000
IN_A_ROW = 5
logger = logging.getLogger(__name__)


class NotHandedOver(Exception):
    """Some notices stay in the outbox; the log says why of each. They are tried again a minute later."""


@app.periodic(cron="* * * * *")
@app.task(name="notices.hand-over", queueing_lock="notices.hand-over", lock="notices.hand-over")
def hand_over_queued(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Empty the outbox, one notice a unit of work: what the gateway took is kept before the next. How many went.

    One that fails stops no other. Raises NotHandedOver at the end, when some did.
    """
    gateway = FileGateway(outbox_folder())
    went, failed = map(sum, zip(*(_empty(channel, gateway) for channel in Channel), strict=True))
    if failed:
        raise NotHandedOver(f"{failed:,} notices were not handed over, {went:,} were.")
    return went


def _empty(channel: Channel, gateway: Gateway) -> tuple[int, int]:
    """How many went and how many failed. After some failures in a row it is the way that is shut, not the notices."""
    went = failed = in_a_row = 0
    for notice in waiting(channel)[:MOST]:
        try:
            with unit_of_work(BY):
                hand_over(notice=notice, gateway=gateway, by=BY, at=timezone.now())
        except TRANSIENT:
            raise
        except Exception:
            logger.exception("%s was not handed over", notice.number)
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == IN_A_ROW:
                break
        else:
            went, in_a_row = went + 1, 0
    return went, failed
