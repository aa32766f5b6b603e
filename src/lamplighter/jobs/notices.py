"""Hand what was queued to its gateway."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.kernel.actors import system
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways.files import FileGateway, outbox_folder
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import hand_over
from lamplighter.notices.queries.outbox import outbox
from lamplighter.platform.transactions import unit_of_work

BY = system("notices")


@app.periodic(cron="* * * * *")
@app.task(name="notices.hand-over", queueing_lock="notices.hand-over", lock="notices.hand-over")
def hand_over_queued(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Empty the outbox, one notice a unit of work: what the gateway took is kept before the next. How many went."""
    gateway = FileGateway(outbox_folder())
    went = 0
    for channel in Channel:
        for notice in Notice.objects.in_bulk([parcel.notice for parcel in outbox(channel)]).values():
            with unit_of_work(BY):
                hand_over(notice=notice, gateway=gateway, by=BY, at=timezone.now())
            went += 1
    return went
