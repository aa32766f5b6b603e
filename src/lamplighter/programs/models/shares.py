"""Who pays a share of their income instead of the bill, and what the program's fund bore of their bills."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.billing.models import Adjustment
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.programs.models.enrollments import Enrollment


class IncomePlan(models.Model):
    """The household of an enrollment pays `yearly` for a year's power: `share` percent of the income that it said,
    which itself is not kept here. Its days are those of the enrollment; a new income is a new enrollment."""

    enrollment = models.OneToOneField(Enrollment, models.CASCADE, primary_key=True, related_name="income_plan")
    share = models.DecimalField(max_digits=5, decimal_places=2)
    yearly = MoneyField()
    begun_at = models.DateTimeField()
    begun_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="income_plan_of_something", condition=Q(share__gt=0, yearly__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.yearly} a year"


class BorneShare(models.Model):
    """What the fund bore more (or, negative, less) with a bill, so that together it is what the plan's bills call for.
    Append-only."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(IncomePlan, models.PROTECT, related_name="borne")
    adjustment = models.OneToOneField(Adjustment, models.PROTECT, related_name="+")
    amount = MoneyField()
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.amount} on {self.on}"
