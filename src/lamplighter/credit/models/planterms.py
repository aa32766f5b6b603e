"""By which terms debts may be paid over time."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.credit.rules.arranging import PlanPolicy
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class PlanTerms(models.Model):
    """The utility's terms of payment plans and of more time for a period; how long a plan may run is the law's.
    `citation` names the resolution."""

    period = PeriodField()
    minimum = MoneyField()
    months = models.SmallIntegerField()
    broken_most = models.SmallIntegerField()
    grace = models.SmallIntegerField()
    reminder = models.SmallIntegerField()
    extension_days = models.SmallIntegerField()
    extension_gap_days = models.SmallIntegerField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(name="one_plan_policy_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"

    @property
    def policy(self) -> PlanPolicy:
        return PlanPolicy(
            self.minimum, self.months, self.broken_most, self.grace, self.reminder, self.extension_days,
            self.extension_gap_days, self.citation,
        )  # fmt: skip
