"""What a documented hardship opens: a longer payment plan, and no late or reconnection fees while it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import Policy, figure


class CannotEase(Exception):
    """A hardship is not put on file so; the message is fit to be read aloud."""


class Cause(StrEnum):
    """What happened to the household."""

    INCOME = "income"
    ILLNESS = "illness"
    DEATH = "death"
    SEPARATION = "separation"
    DISASTER = "disaster"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Cause.INCOME: "Income was lost or cut",
    Cause.ILLNESS: "Illness or injury",
    Cause.DEATH: "A death in the household",
    Cause.SEPARATION: "Separation, or flight from violence",
    Cause.DISASTER: "Fire, flood or another disaster",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HardshipPolicy(Policy):
    """For how long one holds at most, and over how many months a plan may run meanwhile."""

    key = "hardships"
    title = "Hardships"
    days: int = figure(365, "A hardship holds for at most (days)", 30, 730)
    plan_months: int = figure(24, "A plan may run meanwhile for (months)", 1, 60)


def period_of(until: date, *, on: date, policy: HardshipPolicy) -> Period:
    """From `on` to `until`, its last day. Raises CannotEase."""
    if until <= on:
        raise CannotEase("Choose a last day after today.")
    if (until - on).days > policy.days:
        raise CannotEase(f"A hardship holds for {policy.days} days at most. Then it is looked at again.")
    return Period(on, date.fromordinal(until.toordinal() + 1))
