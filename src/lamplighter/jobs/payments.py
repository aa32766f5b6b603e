"""Each night: the periods of sources that take payments by themselves end, and their senders' totals are awaited."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.kernel.actors import system
from lamplighter.payments.operations.periods import ask_totals, end_period
from lamplighter.payments.queries import periods_to_end, periods_without_total
from lamplighter.platform.transactions import unit_of_work

BY = system("payments")


@app.periodic(cron="10 8 * * *")
@app.task(name="payments.end-periods", queueing_lock="payments.end-periods", lock="payments.end-periods",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def end_periods(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Yesterday's periods end; for those that still have no total, a person is asked. Twice changes nothing."""
    now = timezone.now()
    ending = periods_to_end(before=timezone.localdate())
    for control in ending:
        with unit_of_work(BY):
            end_period(control=control, by=BY, at=now)
    lacking = periods_without_total()
    for control in lacking:
        with unit_of_work(BY):
            ask_totals(control=control, by=BY, at=now)
    return f"{len(ending)} periods ended, {len(lacking)} without a total"
