"""Make a module, have somebody learn it, and keep each try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.workforce.models import Assignment, Attempt, Module
from lamplighter.workforce.rules.quiz import CannotTrain, Question, passes, score


@in_transaction
def make_module(
    *, title: str, text: str, questions: Sequence[Question], percent: int, by: Actor, at: datetime
) -> Module:
    """A module, or the next version of the one with this title."""
    if not title.strip() or not text.strip():
        raise CannotTrain("Give the module a title and a text.")
    advisory_lock(f"module:{title.strip()}")
    last = Module.objects.filter(title=title.strip()).order_by("-version").first()
    made = Module.objects.create(
        title=title.strip()[:80], version=last.version + 1 if last else 1, text=text.strip(),
        questions=[one.as_data() for one in questions], percent=percent, made_at=at, made_by=by,
    )  # fmt: skip
    record("workforce.module.made", subject=made.subject, by=by, at=at, version=made.version, questions=len(questions))
    return made


@in_transaction
def assign_module(*, module: Module, people: Sequence[User], due_on: date, on: date, by: Actor, at: datetime) -> int:
    """These people are to learn it by a day; who has it to learn already keeps their day. How many are new."""
    if due_on < on:
        raise CannotTrain("That day is over. Choose today or a later one.")
    advisory_lock(module.subject)
    known = set(Assignment.objects.filter(module=module).values_list("person", flat=True))
    new = [one for one in people if one.pk not in known]
    Assignment.objects.bulk_create(
        Assignment(module=module, person=one, due_on=due_on, at=at, by=by) for one in new
    )  # fmt: skip
    for one in new:
        record("workforce.module.assigned", subject=module.subject, by=by, at=at, to=one.username,
               due_on=due_on.isoformat())  # fmt: skip
    return len(new)


@in_transaction
def try_module(*, module: Module, person: User, given: Sequence[int], by: Actor, at: datetime) -> Attempt:
    """Somebody's own answers. A module without questions is passed by reading it."""
    if person.actor != by:
        raise CannotTrain("Everybody answers for themselves.")
    questions = module.asks
    right = score(questions, given)
    made = Attempt.objects.create(
        module=module, person=person, given=list(given), right=right, of=len(questions),
        passed=passes(right, len(questions), module.percent), at=at,
    )  # fmt: skip
    record("workforce.module.tried", subject=module.subject, by=by, at=at, right=right, of=len(questions),
           passed=made.passed)  # fmt: skip
    return made
