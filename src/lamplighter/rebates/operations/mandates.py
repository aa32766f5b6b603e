"""Write down mandates and the goals in them, and tie programs to goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.text import slugify

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.rebates.models import ClimateGoal, Mandate, RebateProgram
from lamplighter.rebates.models.mandates import GoalProgram
from lamplighter.rebates.operations.defining import CannotDefineRebate
from lamplighter.rebates.rules.progress import Kpi


@dataclass(frozen=True, slots=True)
class GoalIn:
    """So much of a KPI between two days."""

    words: str
    kpi: Kpi
    target: Decimal
    starts_on: date
    due_on: date


@in_transaction
def add_mandate(
    *, kind: Mandate.Kind, title: str, words: str, source: str, on: date, by: Actor, at: datetime
) -> Mandate:
    """What binds the utility since a day, in its words, with where they stand. One that is changed is another one."""
    code = slugify(title)[:40].strip("-")
    advisory_lock(f"mandate:{code}")
    if not code or not words.strip() or not source.strip():
        raise CannotDefineRebate("A mandate has a title, its words, and where they can be read.")
    if Mandate.objects.filter(pk=code).exists():
        raise CannotDefineRebate(f"“{title}” is written down already. Give this one its own title.")
    made = Mandate.objects.create(
        code=code, kind=kind, title=title, words=words, source=source, period=Period(on), added_by=by
    )
    record("rebates.mandate.added", subject=made.subject, by=by, at=at, title=title, source=source)
    return made


@in_transaction
def set_goal(
    *, mandate: Mandate, goal: GoalIn, programs: Sequence[RebateProgram], by: Actor, at: datetime
) -> ClimateGoal:
    """A goal of a mandate, and the programs that serve it."""
    if goal.due_on <= goal.starts_on or goal.target <= 0:
        raise CannotDefineRebate("A goal has a target over 0, and a day by which it is reached after the first.")
    if goal.starts_on < mandate.period.start:
        raise CannotDefineRebate(f"The mandate holds from {mandate.period.start:%b %-d, %Y}: count from then on.")
    if not programs or not goal.words.strip():
        raise CannotDefineRebate("Say what is to be reached, and choose a program that serves it.")
    made = ClimateGoal.objects.create(
        mandate=mandate, words=goal.words, kpi=goal.kpi, target=goal.target, starts_on=goal.starts_on,
        due_on=goal.due_on, set_by=by,
    )  # fmt: skip
    GoalProgram.objects.bulk_create(GoalProgram(goal=made, program=one) for one in programs)
    record(
        "rebates.goal.set", subject=made.subject, by=by, at=at, mandate=mandate.code, kpi=goal.kpi.value,
        target=str(goal.target), due=goal.due_on.isoformat(), programs=sorted(one.code for one in programs),
    )  # fmt: skip
    return made
