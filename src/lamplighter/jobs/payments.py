"""Each night the periods of unattended sources end; each morning bills are announced and drawn."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.formats.nacha.writer import CannotWrite
from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.autopaying import announce_bills, send_drafts
from lamplighter.kernel.actors import system
from lamplighter.payments.autopay.banks import BANK_DAYS
from lamplighter.payments.kinds import ACH
from lamplighter.payments.operations.periods import ask_totals, end_period
from lamplighter.payments.queries import periods_to_end, periods_without_total
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.operations import Draft, raise_items

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


@app.periodic(cron="40 15 * * *")
@app.task(name="payments.autopay", queueing_lock="payments.autopay", lock="payments.autopay",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def draw_bills(timestamp: int = 0) -> str:  # noqa: ARG001 - when it was due
    """Announce new bills; on a banking day, write the file of what settles by the next. Twice changes nothing."""
    now, on = timezone.now(), timezone.localdate()
    announced = announce_bills(on=on, by=BY, at=now)
    if not BANK_DAYS.is_working_day(on):
        return f"{announced} announced; the banks are closed"
    try:
        with unit_of_work(BY):
            made = send_drafts(on=on, by=BY, at=now)
    except (CannotRefund, CannotWrite) as why:
        with unit_of_work(BY):
            raise_items(drafts=[Draft(ACH.key, "draft-file:none", f"No bill was drawn. {why}"[:200])], by=BY, at=now)
        return f"{announced} announced, none drawn: {why}"
    return f"{announced} announced, {made.entries if made else 0} drawn"
