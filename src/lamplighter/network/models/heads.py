"""Head-ends, and every message that went to one or came from one."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lamplighter.network.types import Protocol


class HeadEnd(models.Model):
    """A vendor's server that reaches the meters of some makers (without any: all the others), in its own protocol.

    `user` and `sealed` (encrypted) are our login there; `their_user` and `their_digest` (keyed) prove who calls us.
    `codes` are its vendor's numbers where they differ from the starter's: {"controls": {act: number}, "events": {...}}.
    """

    key = models.SlugField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    vendor = models.CharField(max_length=60)
    protocol = models.CharField(max_length=20, choices=[(one.value, one.label) for one in Protocol])
    url = models.URLField()
    reply_url = models.URLField()
    zone = models.CharField(max_length=40)
    makers = ArrayField(models.CharField(max_length=40), default=list)
    codes = models.JSONField(default=dict)
    user = models.CharField(max_length=40, blank=True)
    sealed = models.TextField(blank=True)
    their_user = models.CharField(max_length=40, unique=True)
    their_digest = models.CharField(max_length=64)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"interface:{self.key}"


class Message(models.Model):
    """One message as it went over the wire, logins struck out. Append-only.

    A message that came in and was taken is taken once: `message` is the sender's id of it.
    """

    class Direction(models.TextChoices):
        OUT = "out", "To the head-end"
        IN = "in", "From the head-end"

    class Outcome(models.TextChoices):
        TAKEN = "taken", "Taken"
        REFUSED = "refused", "Refused"
        REPEATED = "repeated", "Came again"
        UNREACHABLE = "unreachable", "No answer"

    id = models.BigAutoField(primary_key=True)
    head_end = models.ForeignKey(HeadEnd, models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    operation = models.CharField(max_length=60)
    message = models.CharField(max_length=80, blank=True)
    transaction = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    words = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="message_taken_once", fields=["head_end", "message", "operation"],
                condition=Q(direction="in", outcome="taken") & ~Q(message=""),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["head_end", "-id"], name="message_of_head_end"),
            models.Index(fields=["transaction", "id"], name="message_of_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.outcome}"
