"""What goals measure: each measure counts rows of work in a period, and how many of them were as they should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

from lamplighter.cases.models import Contact
from lamplighter.cases.words import Means
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.workforce.models import Goal
from lamplighter.worklist.kinds import Desk, kinds
from lamplighter.worklist.models import Item

AnyRow = Item | Contact


@dataclass(frozen=True, slots=True)
class Measure:
    """`rows(period, at)` are what is counted, each with `met` and its `moment`; `counts` says which they are."""

    key: str
    label: str
    counts: str
    rows: Callable[[Period, datetime], QuerySet[Item] | QuerySet[Contact]]


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a measure went in a period: `met` of `of`; no percent where nothing was to be done."""

    measure: Measure
    met: int
    of: int
    goal: Goal | None

    @property
    def percent(self) -> int | None:
        return 100 * self.met // self.of if self.of else None

    @property
    def reached(self) -> bool | None:
        if self.goal is None or not self.of:
            return None
        return self.met * 100 >= self.of * self.goal.percent


def measured(period: Period, *, at: datetime) -> list[Measured]:
    """Every measure in the period, with the goal in force on its last day."""
    goals = {goal.measure: goal for goal in Goal.objects.filter(period__contains=period.last_day)}
    return [measure_of(one, period, at=at, goal=goals.get(one.key)) for one in MEASURES.values()]


def measure_of(measure: Measure, period: Period, *, at: datetime, goal: Goal | None) -> Measured:
    found = measure.rows(period, at).aggregate(of=Count("pk"), good=Count("pk", filter=Q(met=True)))
    return Measured(measure, found["good"], found["of"], goal)


def _due(keys: Callable[[], list[str]]) -> Callable[[Period, datetime], QuerySet[Item]]:
    """Work of these kinds that fell due in the period, and whether it had ended by then."""

    def rows(period: Period, at: datetime) -> QuerySet[Item]:
        start, end = _instants(period)
        found = Item.objects.filter(kind__in=keys(), due_at__gte=start, due_at__lt=min(end, at))
        return found.annotate(met=_whether(Q(ended_at__lte=F("due_at"))), moment=F("due_at")).order_by("due_at", "id")

    return rows


def _calls(period: Period, at: datetime) -> QuerySet[Contact]:  # noqa: ARG001 - every measure is asked alike
    """Calls that came in the period and are over, and whether somebody spoke to the caller."""
    start, end = _instants(period)
    found = Contact.objects.filter(
        means=Means.CALL, direction=Contact.Direction.IN, wrapped_at__isnull=False, began_at__gte=start,
        began_at__lt=end,
    )  # fmt: skip
    return found.annotate(met=_whether(~Q(outcome="cut-off")), moment=F("began_at")).order_by("began_at", "id")


def _settled(period: Period, at: datetime) -> QuerySet[Contact]:  # noqa: ARG001
    """Calls and visits that were wrapped up in the period, and whether nothing was left to do."""
    start, end = _instants(period)
    found = Contact.objects.filter(
        means__in=(Means.CALL, Means.VISIT), wrapped_at__gte=start, wrapped_at__lt=end
    ).exclude(outcome="cut-off")
    return found.annotate(met=_whether(Q(outcome="resolved")), moment=F("began_at")).order_by("began_at", "id")


def _whether(condition: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _instants(period: Period) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.UTILITY_ZONE)
    assert isinstance(period.end, date), "a period that is measured ends"
    return midnight(period.start, zone), midnight(period.end, zone)


def _of(*keys: str) -> Callable[[], list[str]]:
    return lambda: list(keys)


def _of_service() -> list[str]:
    return [kind.key for kind in kinds(Desk.SERVICE)]


MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure("calls-taken", "Calls taken", "calls that came in and are over; met: somebody spoke to the caller",
                _calls),
        Measure("settled", "Settled at once", "calls and visits wrapped up; met: nothing was left to do", _settled),
        Measure("calls-returned", "Missed calls returned", "missed calls that were to be returned; met: in time",
                _due(_of("cases.missed"))),
        Measure("messages", "Messages answered", "emails and texts that were due for an answer; met: in time",
                _due(_of("cases.message"))),
        Measure("promises", "Promised answers given", "answers promised for a day; met: by that day",
                _due(_of("cases.follow-up"))),
        Measure("service-desk", "Work of the service desk", "all work of the desk that fell due; met: ended in time",
                _due(_of_service)),
    )
}  # fmt: skip
"""By key, in the order of the board."""
