"""Acts in waiting and in progress: approvals, one-time keys, long runs, and the files that they read."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models.events import Remark


class Approval(models.Model):
    """An act that needs a second person. `proposal` is exactly what will be done when it is approved.

    `amount` is what is at stake, where limits apply.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    summary = models.CharField(max_length=200)
    proposal = models.JSONField()
    permission = models.CharField(max_length=60)
    amount = MoneyField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = ActorField()
    asked_at = models.DateTimeField()
    ask_remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    decided_by = ActorField(null=True)
    decided_at = models.DateTimeField(null=True)
    decide_remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_by_a_second_person",
                condition=~Q(state="approved") | ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                name="approval_asked_once", fields=["kind", "subject"], condition=Q(state="waiting")
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="approval_waiting")]

    def __str__(self) -> str:
        return self.summary


class RequestKey(models.Model):
    """A request that acted, by the one-time key that came with it, so that its repeat answers the same."""

    key = models.UUIDField(primary_key=True)
    actor = ActorField()
    digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class StoredFile(models.Model):
    """A file that somebody sent or we made, kept by its SHA-256; its bytes lie in the file store."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_by = ActorField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """Long work with its progress: an import, a bill run. A page polls it; a restart resumes it."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    started_by = ActorField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-started_at"], name="run_kind_started")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
