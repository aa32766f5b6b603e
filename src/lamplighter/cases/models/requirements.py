"""What we require of our systems, or want changed in them: why, what it costs and brings, and each step of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.cases.models.requests import Request
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark, User


class Requirement(models.Model):
    """A requirement of a system, or a change request. Moved on by its steps alone. `cost` is once, `saving` a year;
    None where nobody knows yet. Once approved it is a `request` to information technology."""

    class Kind(models.TextChoices):
        NEW = "new", "Requirement"
        CHANGE = "change", "Change request"

    class System(models.TextChoices):
        PROGRAM = "program", "Customer system"
        METERS = "meters", "Meter network"
        PAYMENTS = "payments", "Payments and bank"
        TELEPHONE = "telephone", "Telephone and messages"
        FIELD = "field", "Field work"
        BOOKS = "books", "Finance system"
        MAPS = "maps", "Maps and outages"
        OTHER = "other", "Another system"

    class State(models.TextChoices):
        RAISED = "raised", "Raised"
        STUDIED = "studied", "Being studied"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        BUILT = "built", "Being built"
        TESTED = "tested", "Being tested"
        LIVE = "live", "In use"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    system = models.CharField(max_length=9, choices=System.choices)
    title = models.CharField(max_length=80)
    reason = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=300)
    cost = MoneyField(null=True)
    saving = MoneyField(null=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    wanted_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.RAISED)
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="requirement")
    raised_at = models.DateTimeField()
    raised_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "wanted_on"], name="requirement_state")]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def number(self) -> str:
        return f"RQ-{self.pk}"

    @property
    def subject(self) -> str:
        return f"requirement:{self.pk}"


class RequirementStep(models.Model):
    """What became of a requirement, by whom, in which words. Append-only."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=9, choices=Requirement.State.choices)
    at = models.DateTimeField()
    by = ActorField()
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.state}"
