"""Who may be given a customer's use for benchmarking, and what was given to whom."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Agreement
from lamplighter.customers.consent import Said
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import StoredFile


class DataConsent(models.Model):
    """What a customer said about giving a service's use to a receiver. Append-only: what was said last holds."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="data_consents")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=120)
    given = models.BooleanField()
    until = models.DateField(null=True)
    how = models.CharField(max_length=10, choices=[(said.value, said.label) for said in Said])
    said_by = models.CharField(max_length=120)
    stated_at = models.DateTimeField()
    stated_by = ActorField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "agreement", "receiver", "-id"], name="data_consent_newest"),
        ]

    def __str__(self) -> str:
        return f"{'Yes' if self.given else 'No'} to {self.receiver}"

    def holds(self, on: date) -> bool:
        """Given, and not run out. Whether it was said last is the query's to know."""
        return self.given and (self.until is None or on <= self.until)


class DataRelease(models.Model):
    """A file of use that left the house: of one service with its consent, or of a building as a sum. Append-only."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="data_releases")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    building = models.BooleanField()
    receiver = models.CharField(max_length=120)
    grounds = models.CharField(max_length=200)
    consent = models.ForeignKey(DataConsent, models.PROTECT, null=True, related_name="+")
    months = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    released_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="one_service_is_given_by_consent", condition=Q(building=True) | Q(consent__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} months to {self.receiver}"
