"""What share of measured work is to be reached, from when to when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField, PeriodField


class Goal(models.Model):
    """At least `percent` of what `measure` counts (workforce.queries.measures). One at a time for each measure."""

    measure = models.CharField(max_length=30)
    percent = models.PositiveSmallIntegerField()
    period = PeriodField()
    set_by = ActorField()
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_goal_at_a_time",
                expressions=[("measure", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="goal_is_a_share", condition=Q(percent__gte=1, percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.percent} %"
