"""Adopt a rule with its thresholds, or do without it, from a day on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from lamplighter.intervals.vee.described import described
from lamplighter.intervals.vee.groups import Role, Step
from lamplighter.intervals.vee.rules import SumCheck
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.models import RuleGroup
from lamplighter.usage.queries.rulegroups import FURTHER, every_group_on

GROUP_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class CannotAdoptRule(Exception):
    """A rule of validation is refused; the message says why."""


@in_transaction
def adopt_rule(*, role: str, step: Step, on: date, citation: str, by: Actor, at: datetime) -> RuleGroup:
    """From `on` the role, or the further group (`then-` and its name), has this step, in place of the one with the
    same rule, name, classes, flows, units and channels, or after the others of its rule."""
    advisory_lock("rule-groups")
    groups = every_group_on(on)
    _check(role, step, groups)
    steps = list(groups.get(role, ()))
    same = [i for i, other in enumerate(steps) if _key(other) == _key(step)]
    if same:
        steps[same[0]] = step
    else:
        alike = [i for i, other in enumerate(steps) if other.rule.code == step.rule.code]
        steps.insert(alike[-1] + 1 if alike else len(steps), step)
    return _keep(role, steps, step, "adopted", on=on, citation=citation, by=by, at=at)


@in_transaction
def drop_rule(*, role: str, step: Step, on: date, citation: str, by: Actor, at: datetime) -> RuleGroup:
    """From `on` the role does without this step."""
    advisory_lock("rule-groups")
    groups = every_group_on(on)
    steps = list(groups.get(role, ()))
    left = [other for other in steps if _key(other) != _key(step)]
    if len(left) == len(steps):
        raise CannotAdoptRule("There is no such rule to do without.")
    users = [other for several in groups.values() for other in several if FURTHER + other.then == role]
    if not left and users:
        raise CannotAdoptRule(
            f"{users[0].rule.code} runs this group, and this is its last rule. Change that one first."
        )
    return _keep(role, left, step, "dropped", on=on, citation=citation, by=by, at=at)


def _check(role: str, step: Step, groups: Mapping[str, Sequence[Step]]) -> None:
    """Raises CannotAdoptRule for what no run of the rules would do."""
    name = role.removeprefix(FURTHER)
    if role not in set(Role) and (name == role or not GROUP_NAME.fullmatch(name)):
        raise CannotAdoptRule("A group of our own has a name of small letters, digits and dashes, like “big-jumps”.")
    if step.then and role.startswith(FURTHER):
        raise CannotAdoptRule("A group that a rule runs does not run another one.")
    if step.then and not groups.get(FURTHER + step.then):
        raise CannotAdoptRule(f"There is no group “{step.then}” on that day. Adopt its first rule before this one.")
    if isinstance(step.rule, SumCheck) and (step.then or role.startswith(FURTHER)):
        raise CannotAdoptRule("Intervals are held against registers between their own reads: neither in nor before"
                              " a further group.")  # fmt: skip


def _keep(
    role: str, steps: list[Step], step: Step, what: str, *, on: date, citation: str, by: Actor, at: datetime
) -> RuleGroup:
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
    return step.rule_of_its_own, step.classes, step.flows, step.units, step.channels
