"""By which terms power comes back."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class ReconnectTerms(models.Model):
    """The utility's terms of giving power back for a period; its fees stand in the fee schedule. `citation` names the
    resolution."""

    period = PeriodField()
    least = MoneyField()
    wire_unasked = models.BooleanField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_reconnect_policy_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"
