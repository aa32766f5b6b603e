"""Raise a requirement of a system, decide on it by a second person, and follow it until it is in use."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.cases.models import Requirement, RequirementStep
from lamplighter.cases.operations.requests import CannotAsk, ask_department
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

State = Requirement.State
TECHNOLOGY = "technology"
DECISIONS = frozenset({State.APPROVED, State.DECLINED})
NEXT: dict[str, frozenset[str]] = {
    State.RAISED: frozenset({State.STUDIED, State.APPROVED, State.DECLINED, State.WITHDRAWN}),
    State.STUDIED: frozenset({State.APPROVED, State.DECLINED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.BUILT, State.WITHDRAWN}),
    State.BUILT: frozenset({State.TESTED}),
    State.TESTED: frozenset({State.LIVE, State.BUILT}),
    State.DECLINED: frozenset({State.RAISED}),
    State.LIVE: frozenset(),
    State.WITHDRAWN: frozenset(),
}


@in_transaction
def raise_requirement(
    *, kind: str, system: str, title: str, reason: str, benefit: str, cost: Money | None, saving: Money | None,
    wanted_on: date, owner: User, on: date, by: Actor, at: datetime,
) -> Requirement:  # fmt: skip
    """What a system shall do, why, and what it costs and brings as far as that is known. Raises CannotAsk."""
    if not title.strip() or not reason.strip() or not benefit.strip():
        raise CannotAsk("Say what is required, why, and what it brings.")
    if wanted_on < on:
        raise CannotAsk("That day is over. Choose today or a later one.")
    made = Requirement.objects.create(
        kind=kind, system=system, title=title.strip()[:80], reason=write_remark(reason.strip(), at=at),
        benefit=benefit.strip()[:300], cost=cost, saving=saving, owner=owner, wanted_on=wanted_on, raised_at=at,
        raised_by=by,
    )  # fmt: skip
    _step(made, State.RAISED, "", by=by, at=at)
    return made


@in_transaction
def move_requirement(
    *, requirement: Requirement, to: str, words: str, on: date, by: Actor, at: datetime
) -> Requirement:
    """One step on. A decision is a second person's, with its words; an approval asks information technology for it.
    Raises CannotAsk."""
    held = Requirement.objects.select_for_update(of=("self",)).select_related("owner").get(pk=requirement.pk)
    if to not in NEXT[held.state]:
        raise CannotAsk(f"{held.number} is {held.get_state_display().lower()}; that can't be done now.")
    if not words.strip():
        raise CannotAsk("Say it in words: they stand in its history.")
    if to in DECISIONS and by in {held.raised_by, held.owner.actor}:
        raise CannotAsk("Nobody decides on what they raised or keep. Ask a colleague.")
    if to == State.APPROVED:
        held.request = ask_department(
            department=TECHNOLOGY, title=held.title, words=f"{held.number}, approved: {words.strip()}",
            due_on=max(held.wanted_on, on), account=None, on=on, by=by, at=at,
        )  # fmt: skip
    held.state = to
    held.save(update_fields=["state", "request"])
    _step(held, to, words, by=by, at=at)
    return held


def _step(requirement: Requirement, state: str, words: str, *, by: Actor, at: datetime) -> None:
    said = words.strip()
    RequirementStep.objects.create(
        requirement=requirement, state=state, at=at, by=by, remark=write_remark(said, at=at) if said else None
    )
    record(f"cases.requirement.{state}", subject=requirement.subject, by=by, at=at, remark=said,
           title=requirement.title, system=requirement.system)  # fmt: skip
