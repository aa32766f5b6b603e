"""The rules by which readings are judged on a day: those adopted, else those that are shipped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lamplighter.intervals.vee.described import step_of
from lamplighter.intervals.vee.groups import SHIPPED, Group, Role
from lamplighter.usage.models import RuleGroup


def groups_on(day: date) -> Mapping[Role, Group]:
    """By role; one query."""
    adopted = {
        Role(row.role): Group(Role(row.role), tuple(step_of(said) for said in row.steps))
        for row in RuleGroup.objects.filter(period__contains=day)
    }
    return {**SHIPPED, **adopted}
