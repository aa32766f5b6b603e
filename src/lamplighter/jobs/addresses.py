"""Each night: the places that protected people moved to are sealed, and those that they left are opened."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.protecting import keep_sealed
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work

BY = system("confidential-addresses")


@app.periodic(cron="5 9 * * *")
@app.task(
    name="premises.keep-sealed", queueing_lock="premises.keep-sealed", lock="premises.keep-sealed",
    retry=WHEN_THE_DATABASE_RETURNS,
)  # fmt: skip
def keep_addresses(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Twice changes nothing twice."""
    now = timezone.now()
    with unit_of_work(BY):
        return f"{keep_sealed(on=timezone.localdate(now), by=BY, at=now)} places sealed or opened"
