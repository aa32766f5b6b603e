"""Hand what was queued to its gateway."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.gateways import gateway_of
from lamplighter.jobs.progress import TRANSIENT
from lamplighter.journeys.carding import secret_of
from lamplighter.journeys.reaching import clearance
from lamplighter.kernel.actors import system
from lamplighter.notices.channels import WAYS, Channel
from lamplighter.notices.gateways import Gateway
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step, hand_over, record_deliveries
from lamplighter.notices.queries.outbox import waiting
from lamplighter.notices.rules.steps import DeliveryStep
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
    went, failed = map(sum, zip(*(_empty(channel, gateway_of(channel)) for channel in _channels()), strict=True))
    if failed:
        raise NotHandedOver(f"{failed:,} notices were not handed over, {went:,} were.")
    return went


def _channels() -> list[Channel]:
    """All but letters where the desk prints them: those wait for their batch."""
    return [one for one in WAYS if one is not Channel.LETTER or settings.LETTERS != "desk"]


def _empty(channel: Channel, gateway: Gateway) -> tuple[int, int]:
    """How many went and how many failed. After some failures in a row it is the way that is shut, not the notices."""
    went = failed = in_a_row = 0
    for notice in waiting(channel).select_related("words", "template")[:MOST]:
        try:
            with unit_of_work(BY):
                if not _may_go(notice, at=timezone.now()):
                    continue
                hand_over(notice=notice, gateway=gateway, by=BY, at=timezone.now(), secret=secret_of(notice))
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


def _may_go(notice: Notice, *, at: datetime) -> bool:
    """Texts keep quiet hours, and those to a number whose owner wants none have bounced."""
    clear = clearance(notice, at=at)
    if clear.at is None:
        step = Step(notice.pk, DeliveryStep.BOUNCED, at, f"no consent for {clear.purpose}", "They asked for no texts.")
        record_deliveries(steps=[step], by=BY, at=at)
    return clear.now(at)
