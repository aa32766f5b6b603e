"""Each night: score the ways to estimate on readings that are known, and send somebody to meters that tell nothing."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.metercare import order_meter_checks
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.scoring import keep_scores
from lamplighter.usage.queries.scoring import due_for_scoring, scored

BY = system("readings")
MOST, AT_ONCE = 20_000, 200


@app.periodic(cron="40 9 * * *")
@app.task(name="usage.score", queueing_lock="usage.score", lock="usage.score", retry=WHEN_THE_DATABASE_RETURNS)
def score(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Channels due for it, some at a time; begun again after a kill it goes on. How many."""
    channels = due_for_scoring(on=timezone.now(), most=MOST)
    for first in range(0, len(channels), AT_ONCE):
        some = channels[first : first + AT_ONCE]
        found = scored(some, until=timezone.localdate())
        with unit_of_work(BY):
            keep_scores(channels=[channel.pk for channel in some], found=found, at=timezone.now())
    return len(channels)


@app.periodic(cron="50 12 * * *")
@app.task(name="usage.order-checks", queueing_lock="usage.order-checks", lock="usage.order-checks",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def order_checks(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Orders for meters with nothing but estimates for too long; how many."""
    with unit_of_work(BY):
        return len(order_meter_checks(on=timezone.localdate(), by=BY, at=timezone.now()))
