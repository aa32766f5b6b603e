"""What programs did: money against budgets, savings from claimed to net, carbon, goals and how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.rebates.models import (
    ClimateGoal,
    Commitment,
    Inspection,
    RebateApplication,
    RebateBudget,
    RebatePayment,
    RebateProgram,
)
from lamplighter.rebates.rules.progress import Kpi, Progress, progress
from lamplighter.rebates.rules.savings import Counted, Inspected, Ratio, Saved, Sums, realisation, summed
from lamplighter.rebates.rules.stages import HOLDS, State


@dataclass(frozen=True, slots=True)
class Spending:
    """A budget of a year: `reserved` for what is under way, `paid` less what came back, `left` to be committed;
    `waiting` is asked for and not covered."""

    budget: RebateBudget
    reserved: Money
    paid: Money
    waiting: Money

    @property
    def left(self) -> Money:
        return self.budget.left


@dataclass(frozen=True, slots=True)
class Done:
    """A program in a period: what its paid projects save, and what its inspections found of what was claimed."""

    program: RebateProgram
    sums: Sums
    ratio: Ratio | None


@dataclass(frozen=True, slots=True)
class GoalStands:
    goal: ClimateGoal
    programs: tuple[str, ...]
    progress: Progress


def spendings() -> list[Spending]:
    """Every budget, the newest year first; three queries."""
    held = [each.value for each in HOLDS]
    sums = RebateApplication.objects.values("budget").annotate(
        reserved=Sum("amount", filter=Q(state__in=held)), waiting=Sum("amount", filter=Q(state=State.QUEUED)),
        paid=Sum("payment__amount"),
    )  # fmt: skip
    by_budget = {row["budget"]: row for row in sums}
    back = dict(
        Commitment.objects.filter(kind=Commitment.Kind.RETURNED).values_list("budget").annotate(all=Sum("amount"))
    )
    rows = RebateBudget.objects.select_related("program").order_by("-period", "program__name")
    return [
        Spending(
            row, _sum(by_budget, row, "reserved"), _sum(by_budget, row, "paid") + (back.get(row.pk) or ZERO),
            _sum(by_budget, row, "waiting"),
        )
        for row in rows
    ]  # fmt: skip


def done(*, period: Period, programs: Sequence[RebateProgram] | None = None) -> list[Done]:
    """Each program by what was paid in a period; what was clawed back saves nothing any more. Three queries."""
    wanted = list(RebateProgram.objects.order_by("name")) if programs is None else list(programs)
    projects = _projects(period)
    cases, checked = _inspected(period)
    return [
        Done(
            one, summed(counted for _, counted in projects.get(one.pk, ())),
            realisation(cases.get(one.pk, ()), population=checked.get(one.pk, 0)),
        )
        for one in wanted
    ]  # fmt: skip


def all_together(rows: Iterable[Done]) -> Sums:
    """The sums of several programs."""
    found = [one.sums for one in rows]
    nought = Decimal(0)
    return Sums(
        sum(one.projects for one in found), sum((one.kwh for one in found), nought),
        sum((one.evaluated_kwh for one in found), nought), sum((one.net_kwh for one in found), nought),
        sum((one.net_kw for one in found), nought), sum((one.tonnes for one in found), nought),
        sum((one.lifetime for one in found), nought), Money(sum(one.paid.cents for one in found)),
    )  # fmt: skip


def goals(*, on: date) -> list[GoalStands]:
    """Each goal with how far it is, counted over what its programs paid since it began, up to its last day."""
    rows = list(
        ClimateGoal.objects.select_related("mandate").prefetch_related("programs").order_by("mandate__title", "due_on")
    )
    if not rows:
        return []
    projects = _projects(Period(min(row.starts_on for row in rows), date.fromordinal(on.toordinal() + 1)))
    return [_stands(row, projects, on) for row in rows]


Projects = dict[str, list[tuple[date, Counted]]]


def _stands(goal: ClimateGoal, projects: Projects, on: date) -> GoalStands:
    tied = sorted(goal.programs.all(), key=lambda one: one.name)
    mine = [
        counted for one in tied for day, counted in projects.get(one.pk, ()) if goal.starts_on <= day <= goal.due_on
    ]
    reached = Kpi(goal.kpi).of(summed(mine))
    names = tuple(one.name for one in tied)
    return GoalStands(goal, names, progress(reached, goal.target, starts_on=goal.starts_on, due_on=goal.due_on, on=on))


def _projects(period: Period) -> Projects:
    """What was paid in a period and still stands, by program, with the day; one query."""
    rows = RebatePayment.objects.filter(
        on__gte=period.start, on__lt=period.closed_end, clawback__isnull=True
    ).select_related("application__saving", "application__terms", "application__entry__measure")
    found: Projects = {}
    for row in rows:
        saving, terms = row.application.saving, row.application.terms
        counted = Counted(
            Saved(saving.kwh, saving.kw, saving.fuel_kg, saving.years), saving.kg, row.amount,
            terms.realisation_percent, terms.net_percent,
        )  # fmt: skip
        found.setdefault(row.application.entry.measure.program_id, []).append((row.on, counted))
    return found


def _inspected(period: Period) -> tuple[dict[str, list[Inspected]], dict[str, int]]:
    """Cases drawn by lot in a period with their weight in kWh, and how many papers were checked, by program."""
    rows = Inspection.objects.filter(on__gte=period.start, on__lt=period.closed_end, application__certain=False)
    cases: dict[str, list[Inspected]] = {}
    for row in rows.select_related("application__entry__measure"):
        entry = row.application.entry
        weight = abs(entry.kwh) or Decimal(1)
        case = Inspected(row.told * weight, row.found * weight)
        cases.setdefault(entry.measure.program_id, []).append(case)
    checked = RebateApplication.objects.filter(
        reviewed_by__isnull=False, certain=False, since__gte=period.start, since__lt=period.closed_end
    )
    counts = checked.values_list("entry__measure__program").annotate(count=Count("pk"))
    return cases, dict(counts)


def _sum(rows: Mapping[Any, Mapping[str, Any]], budget: RebateBudget, name: str) -> Money:
    found: Money | None = rows.get(budget.pk, {}).get(name)
    return found or ZERO
