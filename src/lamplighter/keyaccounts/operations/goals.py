"""Each morning every goal of a plan is measured once, so that a report over all plans need not."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import GoalReading, Plan
from lamplighter.keyaccounts.queries.measuring import Beyond
from lamplighter.keyaccounts.queries.plans import standings
from lamplighter.platform.transactions import in_transaction


@in_transaction
def read_goals(*, plan: Plan, on: date, beyond: Beyond, by: Actor, at: datetime) -> int:
    """How many were read now; what was read on this day already stays as it was."""
    done = set(GoalReading.objects.filter(goal__plan=plan, on=on).values_list("goal", flat=True))
    found = [
        GoalReading(goal=one.goal, on=on, value=one.value, read_at=at, read_by=by)
        for one in standings(plan, on=on, beyond=beyond) if one.goal.pk not in done
    ]  # fmt: skip
    return len(GoalReading.objects.bulk_create(found))
