"""Adopting a policy is changing what it governs: the words and the figures come into force on one day, or neither.

What the adoption of figures would refuse is refused when it is proposed: the board's clerk hears of it in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from lamplighter.journeys.figures import CannotRead
from lamplighter.journeys.parameters import REFUSALS, Parameter, parameters, role_of
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Approval, RoleGrant
from lamplighter.platform.operations.approvals import on_approval
from lamplighter.platform.transactions import in_transaction
from lamplighter.policies.models import Change, Version
from lamplighter.policies.operations import adopting
from lamplighter.policies.operations.writing import set_change
from lamplighter.policies.queries.texts import ADOPTION
from lamplighter.policies.rules import CannotWrite


@dataclass(frozen=True, slots=True)
class Told:
    """One figure that becomes another with a version, in words."""

    parameter: str
    label: str
    before: str
    after: str


@in_transaction
def write_change(
    *, version: Version, parameter: Parameter, typed: dict[str, str], on: date, by: Actor, at: datetime
) -> int:
    """Keep of the typed figures those that differ from the ones of `on`; how many. Raises CannotWrite."""
    try:
        figures = parameter.differing(typed, on=on)
    except CannotRead as wrong:
        raise CannotWrite(str(wrong)) from wrong
    now = parameter.now(on)
    set_change(version=version, parameter=parameter.key, figures=figures, before={name: now[name] for name in figures},
               by=by, at=at)  # fmt: skip
    return len(figures)


@in_transaction
def propose_version(
    *, version: Version, since: date, review_on: date, on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """Tried before it is asked: what would be refused on that day is refused now. Raises CannotWrite."""
    with transaction.atomic():
        _put_in_force(version, since=since, by=by, at=at)
        transaction.set_rollback(True)
    return adopting.propose(version=version, since=since, review_on=review_on, on=on, by=by, at=at, remark=remark)


@on_approval(ADOPTION)
@in_transaction
def adopt_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """A second person approved: words and figures together. Nobody approves a limit of their own role."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    made = adopting.adopt(approval=approval, on=on, by=by, at=at)
    _refuse_own_limits(made.version, by, on=on)
    _put_in_force(made.version, since=made.since, by=by, at=at)


def told(version: Version) -> list[Told]:
    """Each figure that becomes another with a version: what it was when that was written, and what it will be."""
    known = parameters()
    return [
        Told(parameter.label, figure.label, figure.words(change.before.get(name, "")), figure.words(after))
        for change in Change.objects.filter(version=version).order_by("parameter")
        if (parameter := known.get(change.parameter))
        for name, after in change.figures.items()
        for figure in [parameter.figure(name)]
    ]


def _put_in_force(version: Version, *, since: date, by: Actor, at: datetime) -> None:
    """Every change through its parameter's own operation; a figure that moved since it was written is refused."""
    for change, parameter in _changes(version):
        now = parameter.now(since)
        for name, was in change.before.items():
            if now[name] != was:
                figure = parameter.figure(name)
                raise CannotWrite(
                    f"{parameter.label}: {figure.label.lower()} is {figure.words(now[name])} by now, not "
                    f"{figure.words(was)} as when the change was written. Write it again."
                )
        try:
            parameter.change(change.figures, citation=version.citation, on=since, by=by, at=at)
        except (*REFUSALS, CannotRead) as refused:
            raise CannotWrite(f"{parameter.label}: {refused}") from refused


def _changes(version: Version) -> Iterator[tuple[Change, Parameter]]:
    known = parameters()
    for change in Change.objects.filter(version=version).order_by("parameter"):
        if change.parameter not in known:
            raise CannotWrite(f"There is no {change.parameter} any more. Draft the policy without it.")
        yield change, known[change.parameter]


def _refuse_own_limits(version: Version, by: Actor, *, on: date) -> None:
    limits = {role for change in Change.objects.filter(version=version) if (role := role_of(change.parameter))}
    mine = RoleGrant.objects.filter(user__username=by.key, role__in=limits, period__contains=on)
    if mine.exists():
        raise CannotWrite("It sets a limit of your own role. Somebody who has another role decides.")
