"""Arrangements with their instalments and the debts they took over; extensions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Entry
from lamplighter.platform.columns import ActorField, MoneyField


class Outcome(models.TextChoices):
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    CANCELLED = "cancelled", "Cancelled"


ENDED_WHOLE = Q(ended_on__isnull=True, outcome="", ended_by__isnull=True) | (
    Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")
)


class Arrangement(models.Model):
    """A debt that is paid in instalments, on an agreement of its own. It runs until kept, broken or cancelled."""

    class Consent(models.TextChoices):
        SIGNED = "signed", "Signed"
        E_SIGNED = "e-signed", "Agreed by text"
        RECORDED = "recorded", "Recorded call"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="arrangements")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="arrangement")
    total = MoneyField()
    consent = models.CharField(max_length=8, choices=Consent.choices)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_arrangement_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(name="arrangement_ended_whole", condition=ENDED_WHOLE),
        ]

    def __str__(self) -> str:
        return f"{self.total} since {self.made_on}"

    @property
    def subject(self) -> str:
        return f"arrangement:{self.pk}"

    @property
    def period(self) -> Period:
        return Period(self.made_on, self.ended_on)


class ArrangedDebt(models.Model):
    """A debt that an arrangement took over, and the agreement to which what is left goes home. Append-only."""

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="debts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    owed_on = models.DateField()
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="arranged_debt_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} of {self.owed_on}"


class Instalment(models.Model):
    """A part of an arrangement. `entry` is the one that asked for it."""

    id = models.BigAutoField(primary_key=True)
    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="instalments")
    place = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="instalment_once", fields=["arrangement", "place"]),
            models.CheckConstraint(name="instalment_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} due {self.due_on}"


class Extension(models.Model):
    """A promise to pay what is past due by a day; until then nothing is collected."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="extensions")
    amount = MoneyField()
    until = models.DateField()
    given_on = models.DateField()
    given_at = models.DateTimeField()
    given_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_extension_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(name="extension_ended_whole", condition=ENDED_WHOLE),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.until}"

    @property
    def subject(self) -> str:
        return f"extension:{self.pk}"

    @property
    def period(self) -> Period:
        return Period(self.given_on, self.ended_on)
