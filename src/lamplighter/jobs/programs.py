"""Each morning: who must recertify, what ends or lapses, whose rebate has its money now, what funds were given."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.granting import pass_a_fund_day
from lamplighter.journeys.rebating import pass_a_rebate_day
from lamplighter.journeys.recertifying import pass_a_program_day
from lamplighter.kernel.actors import system
from lamplighter.platform.transactions import unit_of_work

BY = system("programs")


@app.periodic(cron="45 12 * * *")
@app.task(name="programs.day", queueing_lock="programs.day", lock="programs.day", retry=WHEN_THE_DATABASE_RETURNS)
def pass_day(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """A day of programs as of now; begun again after a kill it goes on, and changes nothing twice."""
    with unit_of_work(BY):
        day = pass_a_program_day(on=timezone.localdate(), by=BY, at=timezone.now())
    return f"{day.reminded} reminded, {day.over} ended, {day.lapsed} lapsed"


@app.periodic(cron="50 12 * * *")
@app.task(name="rebates.day", queueing_lock="rebates.day", lock="rebates.day", retry=WHEN_THE_DATABASE_RETURNS)
def pass_rebate_day(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """A day of rebates as of now; begun again after a kill it goes on, and changes nothing twice."""
    with unit_of_work(BY):
        day = pass_a_rebate_day(on=timezone.localdate(), by=BY, at=timezone.now())
    return f"{day.lapsed} lapsed, {day.reserved} reserved"


@app.periodic(cron="40 12 * * *")
@app.task(name="funds.day", queueing_lock="funds.day", lock="funds.day", retry=WHEN_THE_DATABASE_RETURNS)
def pass_fund_day(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """A day of funds as of now; begun again after a kill it goes on, and changes nothing twice."""
    with unit_of_work(BY):
        day = pass_a_fund_day(on=timezone.localdate(), by=BY, at=timezone.now())
    return f"{day.gifts} gifts, {day.lapsed} lapsed, {day.refused} refused"
