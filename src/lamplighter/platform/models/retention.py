"""How long words and past states are kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.platform.columns import ActorField, PeriodField


class RetentionTerms(models.Model):
    """The retention schedule for a period: after how many years each series of records is erased; never where it is
    empty. `citation` names the resolution."""

    period = PeriodField()
    notices = models.SmallIntegerField(null=True)
    messages = models.SmallIntegerField(null=True)
    households = models.SmallIntegerField(null=True)
    reasons = models.SmallIntegerField(null=True)
    history = models.SmallIntegerField(null=True)
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_retention_schedule_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"
