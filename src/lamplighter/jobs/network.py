"""Send commands to meters, again until somebody answers or their time is over."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS
from lamplighter.journeys import commanding
from lamplighter.journeys.wiring import by_wire, starts_due
from lamplighter.kernel.actors import system
from lamplighter.network.models import Command
from lamplighter.network.operations.commanding import SEND
from lamplighter.network.transport import post
from lamplighter.platform.operations.queueing import AlreadyQueued, queue, queue_later
from lamplighter.platform.transactions import unit_of_work

BY = system("network")


@app.task(name=SEND, retry=WHEN_THE_DATABASE_RETURNS)
def send_command(*, command: str) -> str:
    """One try, and the next one asked for while the command is open; the state it is in."""
    found = commanding.send(command=Command.objects.get(pk=command), post=post, by=BY, at=timezone.now())
    found.refresh_from_db()
    if found.is_open and found.next_at is not None:
        with suppress(AlreadyQueued), unit_of_work(BY):
            queue_later(SEND, alone=f"{SEND}:{found.pk}", not_before=found.next_at, command=str(found.pk))
    return found.state


@app.periodic(cron="* * * * *")
@app.task(name="network.look-after", queueing_lock="network.look-after", lock="network.look-after")
def look_after(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Ask again for what a killed worker left lying; how many."""
    found = commanding.due(at=timezone.now())
    for command in found:
        with suppress(AlreadyQueued), unit_of_work(BY):
            queue(SEND, alone=f"{SEND}:{command.pk}", command=str(command.pk))
    return len(found)


@app.periodic(cron="*/15 * * * *")
@app.task(name="network.starts", queueing_lock="network.starts", lock="network.starts")
def turn_on_starts(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """From the morning on, ask the meters of those whose service starts today to switch on; how many were asked."""
    asked = 0
    for order in starts_due(at=timezone.now()):
        with unit_of_work(BY):
            asked += by_wire(order=order, by=BY, at=timezone.now())
    return asked
