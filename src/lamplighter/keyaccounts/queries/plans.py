"""Plans that run, where the goals of each stand, and all of them together for the portfolio's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count

from lamplighter.keyaccounts.measures import Aim, GoalState, progress, state_of
from lamplighter.keyaccounts.models import Goal, GoalReading, Organisation, Plan, Step
from lamplighter.keyaccounts.queries.measuring import Behind, Beyond, measured
from lamplighter.keyaccounts.queries.portfolio import Known, known

FRESH = 14
"""Days within which a reading of then stands for a day that has none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal with its figure of today (None: it can't be measured), the rows that it stands on, and where that leaves
    it, in words."""

    goal: Goal
    value: Decimal | None
    state: GoalState
    words: str
    rows: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """A running plan in the portfolio's report: its goals by state, and its actions past their day."""

    plan: Plan
    known: Known
    states: Mapping[GoalState, int]
    late: int

    @property
    def goals(self) -> int:
        return sum(self.states.values())


def running_plan(organisation: Organisation, *, on: date) -> Plan | None:
    found = Plan.objects.filter(organisation=organisation, period__contains=on)
    return found.select_related("organisation__person", "situation").first()


def standings(plan: Plan, *, on: date, beyond: Beyond) -> list[Standing]:
    """Every goal that was not given up."""
    goals = Goal.objects.filter(plan=plan, dropped_at__isnull=True).select_related("agreement__premise").order_by("pk")
    return [standing(goal, plan, on=on, beyond=beyond) for goal in goals]


def standing(goal: Goal, plan: Plan, *, on: date, beyond: Beyond) -> Standing:
    found = measured(goal.measure, organisation=plan.organisation, agreement=goal.agreement, on=on, beyond=beyond)
    value = None if found is None else found.value
    aim = _aim(goal, plan)
    rows = () if found is None else found.rows
    return Standing(goal, value, state_of(aim, value, on=on), progress(aim, value, on=on), rows)


def running_plans(*, on: date) -> list[Plan]:
    """Every plan that runs, by the name of its organisation."""
    rows = Plan.objects.filter(period__contains=on).select_related("organisation__person", "situation")
    return sorted(rows, key=lambda one: one.organisation.person.sort_name)


def reported(*, on: date, beyond: Beyond) -> list[Reported]:
    """Every plan that runs, by this morning's readings; a goal without one is measured now."""
    plans = running_plans(on=on)
    states = _states(plans, on=on, beyond=beyond)
    late = _late(plans, on)
    about = {one.organisation.pk: one for one in known([plan.organisation for plan in plans], on=on)}
    return [
        Reported(
            plan, about[plan.organisation_id], states[plan.pk], late.get(plan.organisation_id, 0),
        )
        for plan in plans
    ]  # fmt: skip


def read_before(goal: Goal, *, on: date, days: Sequence[int] = (90, 30)) -> list[GoalReading]:
    """What it was read at about so many days before, the oldest first."""
    rows = GoalReading.objects.filter(goal=goal, value__isnull=False)
    found = [
        rows.filter(on__lte=on - timedelta(days=ago), on__gt=on - timedelta(days=ago + FRESH)).order_by("-on").first()
        for ago in days
    ]
    return [one for one in found if one is not None]


def _states(plans: Sequence[Plan], *, on: date, beyond: Beyond) -> dict[int, Counter[GoalState]]:
    """The goals of each plan by their state."""
    goals = Goal.objects.filter(plan__in=plans, dropped_at__isnull=True).select_related("agreement__premise")
    read = dict(GoalReading.objects.filter(goal__in=goals, on=on).values_list("goal", "value"))
    by_plan = {plan.pk: plan for plan in plans}
    found: dict[int, Counter[GoalState]] = {plan.pk: Counter() for plan in plans}
    for goal in goals.order_by("pk"):
        plan = by_plan[goal.plan_id]
        if goal.pk in read:
            state = state_of(_aim(goal, plan), read[goal.pk], on=on)
        else:
            state = standing(goal, plan, on=on, beyond=beyond).state
        found[plan.pk][state] += 1
    return found


def _aim(goal: Goal, plan: Plan) -> Aim:
    return Aim(goal.measure, goal.baseline, goal.target, plan.period.start, goal.due_on)


def _late(plans: Sequence[Plan], on: date) -> dict[int, int]:
    """Open steps past their day, by organisation."""
    open_steps = Step.objects.filter(
        organisation__in=[plan.organisation_id for plan in plans], done_at__isnull=True, due_on__lt=on
    )
    return dict(open_steps.values_list("organisation").annotate(Count("pk")))
