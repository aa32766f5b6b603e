"""Certificates, and what they read beside the account: contacts, the weather, who can reconnect. All append-only."""

from __future__ import annotations

from django.db import models

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.rules.facts import How, Reason
from lamplighter.platform.columns import ActorField, PeriodField, SpanField
from lamplighter.platform.models import Remark


class Certificate(models.Model):
    """Whether a service could be turned off for a reason at an instant: all that was read, every check, kept for ever.

    `sending` is the check at the moment of sending; `rechecks` names the certificate that it looked at again.
    """

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="certificates")
    reason = models.CharField(max_length=16, choices=[(each.value, each.label) for each in Reason])
    at = models.DateTimeField()
    allowed = models.BooleanField()
    pack = models.CharField(max_length=40)
    facts = models.JSONField()
    checks = models.JSONField()
    off_on = models.DateField(null=True)
    sending = models.BooleanField(default=False)
    rechecks = models.ForeignKey("self", models.PROTECT, null=True, related_name="rechecked_by")
    asked_by = ActorField()

    class Meta:
        indexes = [models.Index(fields=["agreement", "-at"], name="certificate_of_agreement")]

    def __str__(self) -> str:
        return f"{self.reason} of {self.agreement_id}: {'allowed' if self.allowed else 'refused'}"

    @property
    def subject(self) -> str:
        return f"certificate:{self.pk}"

    @property
    def number(self) -> str:
        """`C-17`, as orders and commands carry it."""
        return f"C-{self.pk}"

    @property
    def why_not(self) -> str:
        """The first check that failed, fit to be read aloud; "" where all passed."""
        return next((check["says"] for check in self.checks if not check["passed"]), "")


class ContactAttempt(models.Model):
    """Somebody tried to reach a customer before power may go off, or told tenants."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="contact_attempts")
    how = models.CharField(max_length=8, choices=[(each.value, each.value.capitalize()) for each in How])
    at = models.DateTimeField()
    reached = models.BooleanField(default=False)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="attempt_of_account")]

    def __str__(self) -> str:
        return f"{self.how} {self.at:%Y-%m-%d %H:%M}"


class WeatherReport(models.Model):
    """What the weather service said of an area when it was asked, and who answers for the feed."""

    id = models.BigAutoField(primary_key=True)
    area = models.CharField(max_length=40)
    owner = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    covers = PeriodField()
    alerts = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["area", "-asked_at"], name="weather_of_area")]

    def __str__(self) -> str:
        return f"{self.area} {self.asked_at:%Y-%m-%d %H:%M}"


class Cover(models.Model):
    """A run of time in which somebody is there to reconnect."""

    id = models.BigAutoField(primary_key=True)
    span = SpanField()
    crew = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.crew} from {self.span.start:%Y-%m-%d %H:%M}"
