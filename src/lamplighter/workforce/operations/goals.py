"""Set what share of measured work is to be reached."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.workforce.models import Goal
from lamplighter.workforce.queries.measures import MEASURES


class CannotAim(Exception):
    """A goal can't be set so; the message is fit to be read aloud."""


@in_transaction
def set_goal(*, measure: str, percent: int, on: date, by: Actor, at: datetime) -> Goal:
    """From `on` at least so much; the goal of before ends."""
    if measure not in MEASURES:
        raise CannotAim("Choose what is measured.")
    if not 1 <= percent <= 100:
        raise CannotAim("A goal is a share of 1 to 100 percent.")
    advisory_lock(f"goal:{measure}")
    last = Goal.objects.filter(measure=measure, period__endswith__isnull=True).first()
    if last is not None and last.period.start > on:
        raise CannotAim(f"A goal is set from {last.period.start:%b %-d, %Y} on already.")
    if last is not None and last.period.start == on:
        last.delete()
    elif last is not None:
        last.period = last.period.ending(on)
        last.save(update_fields=["period"])
    made = Goal.objects.create(measure=measure, percent=percent, period=Period(on), set_by=by, set_at=at)
    record("workforce.goal.set", subject=f"goal:{measure}", by=by, at=at, percent=percent, on=on.isoformat())
    return made
