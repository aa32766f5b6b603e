"""The rules by which readings are judged on a day: those adopted, else those that are shipped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from lamplighter.intervals.vee.described import step_of
from lamplighter.intervals.vee.groups import SHIPPED, Group, Role, Step
from lamplighter.metering.models import Channel
from lamplighter.usage.models import RuleGroup

FURTHER = "then-"
"""Before the name of a group that a step of another runs."""


def groups_on(day: date) -> Mapping[Role, Group]:
    """By role, each with the further groups that its steps may run; one query."""
    adopted = _adopted_on(day)
    further = further_in(adopted)
    return {role: Group(role, adopted.get(role.value, group.steps), further) for role, group in SHIPPED.items()}


def every_group_on(day: date) -> dict[str, tuple[Step, ...]]:
    """The steps of every role and of every further group, by the role's name; one query."""
    return {role.value: group.steps for role, group in SHIPPED.items()} | _adopted_on(day)


def further_in(groups: Mapping[str, tuple[Step, ...]]) -> dict[str, tuple[Step, ...]]:
    """The further groups among these, by their own names."""
    return {role.removeprefix(FURTHER): steps for role, steps in groups.items() if role.startswith(FURTHER)}


def interval_channels(badge: str, name: str = "") -> list[int]:
    """The interval channels of a meter, or the one of that name; none where there is no such meter or channel."""
    rows = Channel.objects.filter(meter__badge__iexact=badge, interval__isnull=False)
    return list((rows.filter(name__iexact=name) if name else rows).order_by("pk").values_list("pk", flat=True))


def channel_names(channels: Collection[int]) -> dict[int, str]:
    """`meter E-0001, kWh` by channel; one query."""
    rows = Channel.objects.filter(pk__in=channels).select_related("meter")
    return {row.pk: f"meter {row.meter.badge}, {row.name}" for row in rows}


def _adopted_on(day: date) -> dict[str, tuple[Step, ...]]:
    rows = RuleGroup.objects.filter(period__contains=day)
    return {row.role: tuple(step_of(said) for said in row.steps) for row in rows}
