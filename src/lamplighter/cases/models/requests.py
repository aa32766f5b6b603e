"""What another department is asked to do by a day, and each step of it."""

from __future__ import annotations

from django.db import models

from lamplighter.accounts.models import Account
from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark


class Request(models.Model):
    """Something that another department is asked for. Moved on by its steps alone; the words stand in remarks."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "In work"
        ANSWERED = "answered", "Answered"
        DECLINED = "declined", "Declined"
        CLOSED = "closed", "Closed"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="requests")
    department = models.CharField(max_length=16, choices=[(one.key, one.label) for one in DEPARTMENTS.values()])
    title = models.CharField(max_length=80)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = ActorField()
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="request_of_account"),
            models.Index(fields=["department", "state", "due_on"], name="request_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def number(self) -> str:
        return f"Q-{self.pk}"

    @property
    def subject(self) -> str:
        return f"request:{self.pk}"

    @property
    def open(self) -> bool:
        return self.state in {self.State.ASKED, self.State.ACCEPTED}


class RequestStep(models.Model):
    """What was done with a request, by whom, with which words. Append-only."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=8, choices=Request.State.choices)
    at = models.DateTimeField()
    by = ActorField()
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"
