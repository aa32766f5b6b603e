"""Each night: score the ways to estimate, judge channels and registers, send somebody to meters that tell nothing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys.metercare import order_meter_checks
from lamplighter.kernel.actors import system
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.dials import look_at_registers
from lamplighter.usage.operations.scoring import keep_scores
from lamplighter.usage.operations.siblings import hold_together
from lamplighter.usage.queries.dials import registers_read
from lamplighter.usage.queries.scoring import due_for_scoring, scored
from lamplighter.usage.queries.siblings import with_siblings

BY = system("readings")
MOST, AT_ONCE = 20_000, 200
LATE, LOOKED_AT, READ_LATELY = 2, 10, 3  # days


@app.periodic(cron="40 9 * * *")
@app.task(name="usage.score", queueing_lock="usage.score", lock="usage.score", retry=WHEN_THE_DATABASE_RETURNS)
def score(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Channels due for it, some at a time; begun again after a kill it goes on. How many."""
    channels = due_for_scoring(on=timezone.now(), most=MOST)
    for first in range(0, len(channels), AT_ONCE):
        some = channels[first : first + AT_ONCE]
        found = scored(some, until=timezone.localdate())
        with unit_of_work(BY):
            keep_scores(channels=[channel.pk for channel in some], found=found, at=timezone.now())
    return len(channels)


@app.periodic(cron="20 11 * * *")
@app.task(name="usage.siblings", queueing_lock="usage.siblings", lock="usage.siblings", retry=WHEN_THE_DATABASE_RETURNS)
def compare_siblings(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Channels of one meter against each other, on ten days that ended two days ago: what is late has come by then.
    How many matters are new; begun again after a kill it changes nothing twice."""
    last = timezone.localdate() - timedelta(days=LATE)
    period, opened = Period(last - timedelta(days=LOOKED_AT), last), 0
    meters = with_siblings(period=period)
    for first in range(0, len(meters), AT_ONCE):
        with unit_of_work(BY):
            found = hold_together(meters=meters[first : first + AT_ONCE], period=period, by=BY, at=timezone.now())
        opened += found.opened
    return opened


@app.periodic(cron="35 11 * * *")
@app.task(name="usage.registers", queueing_lock="usage.registers", lock="usage.registers",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def judge_registers(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Registers that were read in the last days, by their own reads; how many matters are new. Begun again after a
    kill it changes nothing twice."""
    registers = registers_read(since=timezone.now() - timedelta(days=READ_LATELY))
    opened = 0
    for first in range(0, len(registers), AT_ONCE):
        some = registers[first : first + AT_ONCE]
        with unit_of_work(BY):
            opened += look_at_registers(registers=some, by=BY, at=timezone.now()).opened
    return opened


@app.periodic(cron="50 12 * * *")
@app.task(name="usage.order-checks", queueing_lock="usage.order-checks", lock="usage.order-checks",
          retry=WHEN_THE_DATABASE_RETURNS)  # fmt: skip
def order_checks(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Orders for meters with nothing but estimates for too long; how many."""
    with unit_of_work(BY):
        return len(order_meter_checks(on=timezone.localdate(), by=BY, at=timezone.now()))
