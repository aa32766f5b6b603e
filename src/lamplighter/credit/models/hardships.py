"""Hardships on file: what happened, what showed it, who asked and who looked at it, and for how long it holds."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.credit.rules.hardship import Cause
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import StoredFile


class Hardship(models.Model):
    """A household's hardship, as a second person accepted it. `evidence` is a reference, never personal data; `paper`
    what was shown, where something was. Ending it early shortens its period."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="hardships")
    cause = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Cause])
    evidence = models.CharField(max_length=80)
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    period = PeriodField()
    asked_by = ActorField()
    reviewed_at = models.DateTimeField()
    reviewed_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_hardship_at_a_time",
                expressions=[("account", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="hardship_reviewed_by_another", condition=~Q(reviewed_by=models.F("asked_by"))),
            models.CheckConstraint(
                name="hardship_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.period}"

    @property
    def subject(self) -> str:
        return f"hardship:{self.pk}"
