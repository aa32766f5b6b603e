"""Adopt a rule with its thresholds, or do without it, from a day on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.intervals.vee.described import described
from lamplighter.intervals.vee.groups import Role, Step
from lamplighter.intervals.vee.rules import Formula
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.models import RuleGroup
from lamplighter.usage.queries.rulegroups import groups_on


class CannotAdoptRule(Exception):
    """A rule of validation is refused; the message says why."""


@in_transaction
def adopt_rule(*, role: Role, step: Step, on: date, citation: str, by: Actor, at: datetime) -> RuleGroup:
    """From `on` the role has this step, in place of the one with the same rule, name, classes, flows and units, or
    after the others of its rule."""
    steps = list(groups_on(on)[role].steps)
    same = [i for i, other in enumerate(steps) if _key(other) == _key(step)]
    if same:
        steps[same[0]] = step
    else:
        alike = [i for i, other in enumerate(steps) if other.rule.code == step.rule.code]
        steps.insert(alike[-1] + 1 if alike else len(steps), step)
    return _keep(role, steps, step, "adopted", on=on, citation=citation, by=by, at=at)


@in_transaction
def drop_rule(*, role: Role, step: Step, on: date, citation: str, by: Actor, at: datetime) -> RuleGroup:
    """From `on` the role does without this step."""
    steps = list(groups_on(on)[role].steps)
    left = [other for other in steps if _key(other) != _key(step)]
    if len(left) == len(steps):
        raise CannotAdoptRule("There is no such rule to do without.")
    return _keep(role, left, step, "dropped", on=on, citation=citation, by=by, at=at)


def _keep(
    role: Role, steps: list[Step], step: Step, what: str, *, on: date, citation: str, by: Actor, at: datetime
) -> RuleGroup:
    advisory_lock(f"rule-group:{role}")
    if not citation.strip():
        raise CannotAdoptRule("Say by which rule book or decision.")
    rows = RuleGroup.objects.filter(role=role)
    if rows.filter(period__startswith__gt=on).exists():
        raise CannotAdoptRule(f"Rules of a day after {on:%b %-d, %Y} are adopted already. Choose a later day.")
    for running in rows.filter(period__contains=on):
        if running.period.start == on:
            running.delete()
        else:
            RuleGroup.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = RuleGroup.objects.create(
        role=role, period=Period(on), steps=[described(one) for one in steps], citation=citation, set_by=by
    )
    record(
        f"usage.rule.{what}", subject=f"rules:{role}", by=by, at=at, start=on.isoformat(), step=described(step),
        citation=citation,
    )  # fmt: skip
    return row


def _key(step: Step) -> tuple[object, ...]:
    name = step.rule.name if isinstance(step.rule, Formula) else ""
    return step.rule.code, name, step.classes, step.flows, step.units
