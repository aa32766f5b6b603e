"""Each morning: what comes due, what ends, and which debts call for a step."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.depositing import pass_a_deposit_day
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.kernel.actors import system

BY = system("credit")


@app.periodic(cron="30 12 * * *")
@app.task(name="credit.day", queueing_lock="credit.day", lock="credit.day", retry=WHEN_THE_DATABASE_RETURNS)
def pass_day(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """A credit day as of now; begun again after a kill it goes on, and changes nothing twice."""
    held = pass_a_deposit_day(on=timezone.localdate(), by=BY, at=timezone.now())
    day = pass_a_day(on=timezone.localdate(), by=BY, at=timezone.now())
    back = f"{held.returned} deposits given back, {held.applied} applied"
    return f"{day.kept} plans kept, {day.broken} broken, {day.begun} collections begun, {back}"
