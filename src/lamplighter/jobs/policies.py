"""Each morning: owners are reminded of policies and articles that are to be read again soon."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work
from lamplighter.policies.operations.reviewing import remind_owners

BY = system("policies")


@app.periodic(cron="40 13 * * *")
@app.task(
    name="policies.reviews", queueing_lock="policies.reviews", lock="policies.reviews",
    retry=WHEN_THE_DATABASE_RETURNS,
)  # fmt: skip
def remind_of_reviews(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """What waits already is not doubled."""
    now = timezone.now()
    with unit_of_work(BY):
        return f"{remind_owners(on=timezone.localdate(now), by=BY, at=now)} texts to be read again"
