"""What was asked of a meter, and each step until the one in which it ended."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.formats.network.messages import Act
from lamplighter.metering.models import Meter
from lamplighter.network.models.heads import HeadEnd
from lamplighter.network.types import LABELS, OPEN, SWITCHING
from lamplighter.platform.columns import ActorField
from lamplighter.premises.models import ServicePoint


class Command(models.Model):
    """One act asked of one meter. `id` is the transaction by which answers find it, and stays the same when it is sent
    again. `state` is moved by its steps alone (the database sees to that).

    `tries` counts how often it was sent, `next_at` is when it is looked at again; `words` say how it ended.
    """

    class State(models.TextChoices):
        CREATED = "created", "Waiting to be sent"
        SENT = "sent", "Sent"
        ACCEPTED = "accepted", "On its way"
        COMPLETED = "completed", "Done"
        FAILED = "failed", "Failed"
        TIMED_OUT = "timed-out", "No answer"

    id = models.UUIDField(primary_key=True, default=uuid4)
    head_end = models.ForeignKey(HeadEnd, models.PROTECT, related_name="commands")
    act = models.CharField(max_length=10, choices=[(act.value, label) for act, label in LABELS.items()])
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="commands")
    point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="commands")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="commands")
    certificate = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.CREATED)
    words = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_command_of_an_act", fields=["meter", "act"],
                                    condition=Q(state__in=OPEN)),
            models.CheckConstraint(name="no_remote_cut_without_certificate",
                                   condition=~Q(act="disconnect") | ~Q(certificate="")),
            models.CheckConstraint(
                name="command_ended_or_open",
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="command_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["meter", "-asked_at"], name="command_of_meter"),
            models.Index(fields=["account", "-asked_at"], name="command_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.meter_id}"

    @property
    def subject(self) -> str:
        return f"command:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def switches(self) -> bool:
        return self.act in SWITCHING

    @property
    def kind(self) -> Act:
        return Act(self.act)


class CommandStep(models.Model):
    """The command passed from one state to the next: by whom, when and why. Append-only, strictly in sequence."""

    id = models.BigAutoField(primary_key=True)
    command = models.ForeignKey(Command, models.PROTECT, related_name="steps")
    serial = models.PositiveSmallIntegerField()
    was = models.CharField(max_length=9, blank=True)
    state = models.CharField(max_length=9, choices=Command.State.choices)
    at = models.DateTimeField()
    by = ActorField()
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="command_step_once", fields=["command", "serial"])]

    def __str__(self) -> str:
        return f"{self.command_id} {self.state}"
