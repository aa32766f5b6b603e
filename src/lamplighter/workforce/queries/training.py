"""Who has learned which module, and what is still to be learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from lamplighter.platform.models import User
from lamplighter.workforce.models import Assignment, Attempt, Module


@dataclass(frozen=True, slots=True)
class Learning:
    """One person and one module: until when, when it was passed, how the last try went."""

    module: Module
    person: User
    due_on: date | None
    passed_at: datetime | None
    last: Attempt | None

    def state(self, *, on: date) -> str:
        if self.passed_at is not None:
            return "Passed"
        if self.due_on is not None and self.due_on < on:
            return "Overdue"
        return "Not passed yet" if self.last else "To do"


def newest() -> QuerySet[Module]:
    """The newest version of each module."""
    versions = Module.objects.order_by().values("title").annotate(newest=Max("id")).values("newest")
    return Module.objects.filter(pk__in=versions).order_by("title")


def learning_of(person: User) -> list[Learning]:
    """What was assigned to somebody, and what they tried unasked; what is open and due first comes first."""
    return _sorted(_learnings(Assignment.objects.filter(person=person), Attempt.objects.filter(person=person)))


def learning_of_all() -> list[Learning]:
    return _sorted(_learnings(Assignment.objects.all(), Attempt.objects.all()))


def _learnings(assigned: QuerySet[Assignment], tried: QuerySet[Attempt]) -> list[Learning]:
    due = {(one.person_id, one.module_id): one for one in assigned.select_related("module", "person")}
    tries: dict[tuple[int, int], list[Attempt]] = {}
    for one in tried.select_related("module", "person").order_by("id"):
        tries.setdefault((one.person_id, one.module_id), []).append(one)
    found = []
    for key in {**due, **tries}:
        asked, made = due.get(key), tries.get(key, [])
        named = asked or made[-1]
        passed = next((one.at for one in made if one.passed), None)
        found.append(Learning(named.module, named.person, asked.due_on if asked else None, passed,
                              made[-1] if made else None))  # fmt: skip
    return found


def _sorted(found: list[Learning]) -> list[Learning]:
    return sorted(found, key=lambda one: (one.passed_at is not None, one.due_on or date.max, one.module.title,
                                          one.person.name))  # fmt: skip
