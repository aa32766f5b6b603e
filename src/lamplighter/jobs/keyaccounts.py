"""Each morning: bills held to what their contracts ask, managers told of contracts near their ends, goals read."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.measuring import BEYOND
from lamplighter.kernel.actors import system
from lamplighter.keyaccounts.operations.contracts import tell_of_ends
from lamplighter.keyaccounts.operations.goals import read_goals
from lamplighter.keyaccounts.operations.obligations import hold_bills
from lamplighter.keyaccounts.queries.plans import running_plans
from lamplighter.outreach.models import Survey
from lamplighter.outreach.operations.surveys import invite
from lamplighter.platform.transactions import unit_of_work

BY = system("keyaccounts")


@app.periodic(cron="15 13 * * *")
@app.task(
    name="keyaccounts.contracts",
    queueing_lock="keyaccounts.contracts",
    lock="keyaccounts.contracts",
    retry=WHEN_THE_DATABASE_RETURNS,
)
def hold_contracts(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Begun again after a kill it changes nothing twice: a bill is held to an obligation once, an end told of once."""
    with unit_of_work(BY):
        held = hold_bills(by=BY, at=timezone.now())
        told = tell_of_ends(on=timezone.localdate(), by=BY, at=timezone.now())
    return f"{held.tested} bills held to contracts, {held.short} short; {told} alarms of contracts that end"


@app.periodic(cron="45 13 * * *")
@app.task(
    name="keyaccounts.goals", queueing_lock="keyaccounts.goals", lock="keyaccounts.goals",
    retry=WHEN_THE_DATABASE_RETURNS,
)  # fmt: skip
def read_every_goal(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """One plan a unit of work. Begun again after a kill it goes on: a goal is read once a day."""
    on, read = timezone.localdate(), 0
    plans = running_plans(on=on)
    for plan in plans:
        with unit_of_work(BY):
            read += read_goals(plan=plan, on=on, beyond=BEYOND, by=BY, at=timezone.now())
    return f"{read} goals of {len(plans)} plans read"


@app.periodic(cron="30 16 * * *")
@app.task(
    name="outreach.surveys", queueing_lock="outreach.surveys", lock="outreach.surveys",
    retry=WHEN_THE_DATABASE_RETURNS,
)  # fmt: skip
def ask_who_spoke(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Invite by email whoever spoke with us lately, by the survey that runs after contacts; a source is asked once.

    Without a public address (LAMPLIGHTER_PUBLIC_URL) a link would lead nowhere, and nobody is asked.
    """
    running = Survey.objects.filter(when=Survey.When.AFTER, ended_at__isnull=True, wordings__isnull=False).first()
    if running is None or not settings.PUBLIC_URL:
        return "nobody is asked: no survey runs, or no public address is set"
    now = timezone.now()
    with unit_of_work(BY):
        asked = invite(survey=running, page=f"{settings.PUBLIC_URL}/", on=timezone.localdate(now), by=BY, at=now)
    return f"{asked} people asked"
