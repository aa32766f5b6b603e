"""What the queue needs done for itself: finished jobs are forgotten after a month."""

from __future__ import annotations

from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

KEPT_HOURS = 31 * 24


@app.periodic(cron="17 3 * * *")
@app.task(name="upkeep.forget-old-jobs", queueing_lock="upkeep.forget-old-jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Failed ones are kept, for somebody to look at."""
    await remove_old_jobs(context, max_hours=KEPT_HOURS)
