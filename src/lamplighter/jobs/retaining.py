"""Erase by night what the retention schedule says."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.retaining import SERIES, erase_some
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work

BY = system("retention")


@app.periodic(cron="5 10 * * *")
@app.task(
    name="retention.night", queueing_lock="retention.night", lock="retention.night", retry=WHEN_THE_DATABASE_RETURNS
)
def erase_by_schedule(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Batch by batch, each by itself, until nothing is due. How many records were erased."""
    erased = 0
    for series in SERIES:
        while True:
            with unit_of_work(BY):
                some = erase_some(series=series, on=timezone.localdate(), by=BY, at=timezone.now())
            if not some:
                break
            erased += some
    return erased
