"""Contracts with a term: what is promised on both sides, and the days on which a manager must think of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField, PeriodField


class Contract(models.Model):
    """A special contract for one service; `approval` is the board's number. Power is billed on the service's own rate;
    what the contract asks of every bill are its obligations."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="contracts")
    name = models.CharField(max_length=80)
    period = PeriodField()
    approval = models.CharField(max_length=60)
    kept_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="contract_ends", condition=Q(period__endswith__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code
