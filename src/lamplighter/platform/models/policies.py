"""What the utility itself decided of its figures, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.platform.columns import ActorField, PeriodField


class PolicyTerms(models.Model):
    """The figures of one policy (`kernel.policies.Policy`) for a period. `citation` names the resolution."""

    about = models.CharField(max_length=20)
    period = PeriodField()
    figures = models.JSONField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_policy_of_a_matter_at_a_time",
                expressions=[("about", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.citation} {self.period}"
