"""What protects an account, for which days, and by whose word."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.platform.columns import ActorField, PeriodField


class Hold(models.Model):
    """A protection for a period. Ending one early shortens its period; one of a kind runs at a time."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=14, choices=[(each.value, each.label) for each in HoldKind])
    period = PeriodField()
    evidence = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_hold_of_a_kind_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="hold_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"
