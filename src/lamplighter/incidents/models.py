"""Incidents, and each thing that was done about one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q

from lamplighter.accounts.models import Account
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark


class IncidentQuerySet(models.QuerySet["Incident"]):
    def with_time_to_fix(self) -> IncidentQuerySet:
        """Adds `took`, None while it is open."""
        return self.annotate(took=ExpressionWrapper(F("fixed_at") - F("reported_at"), output_field=DurationField()))


class Incident(models.Model):
    """A fault of an interface. `evidence` are the failed messages as they were when it was reported:
    [{"key", "at", "words", "evidence"}]. `ticket` is the vendor's own number for it."""

    class Origin(models.TextChoices):
        STAFF = "staff", "Noticed by us"
        CUSTOMER = "customer", "Told by a customer"

    id = models.BigAutoField(primary_key=True)
    interface = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    vendor = models.CharField(max_length=60)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="incidents")
    what = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    evidence = models.JSONField(default=list)
    reported_at = models.DateTimeField()
    reported_by = ActorField()
    ticket = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="customers_errors_have_their_account", condition=Q(origin="staff") | Q(account__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["interface", "-reported_at"], name="incident_of_interface"),
            models.Index(fields=["account", "-reported_at"], name="incident_of_account"),
        ]

    def __str__(self) -> str:
        return f"I-{self.pk}"

    @property
    def subject(self) -> str:
        return f"incident:{self.pk}"

    @property
    def state(self) -> str:
        return "Fixed" if self.fixed_at else "With the vendor" if self.sent_at else "Open"


class IncidentStep(models.Model):
    """Something done about an incident, with its words. Append-only."""

    class Act(models.TextChoices):
        REPORTED = "reported", "Reported"
        RETRIED = "retried", "Tried again"
        SENT = "sent", "Sent to the vendor"
        NOTED = "noted", "Noted"
        FIXED = "fixed", "Fixed"
        REOPENED = "reopened", "Not fixed after all"

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=8, choices=Act.choices)
    at = models.DateTimeField()
    by = ActorField()
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["incident", "id"], name="step_of_incident")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.act}"
