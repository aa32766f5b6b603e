"""Cases of use that nobody pays for: where, who reported it, what meter data said, what was done, what it led to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark
from lamplighter.premises.models import ServicePoint


class Investigation(models.Model):
    """One open case at a point at a time. `signs` is what meter data said when it was opened; `account` who uses it, as
    soon as that is known."""

    class Source(models.TextChoices):
        CALL = "call", "Somebody called"
        CREW = "crew", "A crew saw it"
        DATA = "data", "Meter data"

    class Outcome(models.TextChoices):
        BILLED = "billed", "Billed"
        NOTHING = "nothing", "Nothing was wrong"
        UNKNOWN = "unknown", "Nobody was found"
        REFERRED = "referred", "Given to the authorities"

    id = models.BigAutoField(primary_key=True)
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="investigations")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="investigations")
    source = models.CharField(max_length=4, choices=Source.choices)
    signs = models.JSONField()
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = ActorField()
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    closed_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_investigation_at_a_point", fields=["point"], condition=Q(closed_on__isnull=True)
            ),
            models.CheckConstraint(
                name="investigation_closed_with_an_outcome",
                condition=Q(closed_on__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_on__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} since {self.opened_on}"

    @property
    def subject(self) -> str:
        return f"investigation:{self.pk}"


class InvestigationStep(models.Model):
    """Something was done in a case: when, what, how much, in whose words. Append-only."""

    id = models.BigAutoField(primary_key=True)
    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    amount = MoneyField(null=True)
    detail = models.CharField(max_length=200, blank=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.act} {self.on}"
