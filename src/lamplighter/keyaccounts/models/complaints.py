"""A complaint looked into: what was found and what caused it, what is put right by whom, and the closing letter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.keyaccounts.models.relations import Issue, Step
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User


class Investigation(models.Model):
    """An issue is looked into, by whom and until when; then its cause and what was found. The letter ends it."""

    class Cause(models.TextChoices):
        PROCEDURE = "procedure", "Our procedure"
        MISTAKE = "mistake", "A mistake of ours"
        EQUIPMENT = "equipment", "Our equipment"
        CUSTOMER = "customer", "The customer's own equipment or use"
        OUTSIDE = "outside", "Outside of us both"
        NONE = "none", "Nothing was wrong"

    id = models.BigAutoField(primary_key=True)
    issue = models.OneToOneField(Issue, models.PROTECT, related_name="investigation")
    investigator = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    cause = models.CharField(max_length=9, choices=Cause.choices, blank=True)
    findings = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(null=True)
    found_by = ActorField(null=True)
    letter = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="findings_have_a_cause",
                condition=Q(cause="", findings__isnull=True, found_at__isnull=True, found_by__isnull=True)
                | (Q(findings__isnull=False, found_at__isnull=False, found_by__isnull=False) & ~Q(cause="")),
            ),
            models.CheckConstraint(
                name="letter_tells_findings", condition=Q(letter__isnull=True) | Q(found_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"investigation of {self.issue_id}"


class Correction(models.Model):
    """What is put right because of a complaint, so that it does not come again: a step with its owner and day.
    Append-only; the step says when it was done."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="corrections")
    step = models.OneToOneField(Step, models.PROTECT, related_name="correction")

    def __str__(self) -> str:
        return f"correction of {self.investigation_id}"
