"""What is done by night without anybody asking: finished jobs are forgotten, readings are kept in few files, the tender
journals are sealed."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.kernel.actors import system
from lamplighter.payments.operations.journaling import seal_journals
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.compacting import compact_month, crowded_months, sweep

KEPT_HOURS = 31 * 24
BY = system("upkeep")
logger = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(name="upkeep.forget-old-jobs", queueing_lock="upkeep.forget-old-jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Failed ones are kept, for somebody to look at."""
    await remove_old_jobs(context, max_hours=KEPT_HOURS)


@app.periodic(cron="41 2 * * *")
@app.task(name="upkeep.compact-readings", queueing_lock="upkeep.compact-readings", lock="upkeep.compact-readings")
def compact_readings(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Each crowded month in a unit of work of its own, so that imports wait for one month at most. How many files were
    replaced; those are deleted a week later. A month that fails stops no other."""
    replaced = 0
    for month in crowded_months():
        try:
            with unit_of_work(BY):
                replaced += compact_month(month=month, by=BY, at=timezone.now())
        except OSError:
            logger.exception("The readings of %s were not compacted", month)
    sweep()
    return replaced


@app.periodic(cron="50 6 * * *")
@app.task(name="upkeep.seal-journals", queueing_lock="upkeep.seal-journals", retry=WHEN_THE_DATABASE_RETURNS)
def seal(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """How many journals had grown. 06:50 UTC is late in the evening on the whole west coast, in winter and summer."""
    with unit_of_work(BY):
        return len(seal_journals(on=timezone.localdate(), by=BY, at=timezone.now()))
