"""The words of emails and texts in their threads, what became of those that we sent, and files with any contact."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from lamplighter.cases.models.contacts import Contact
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import StoredFile


class Message(models.Model):
    """What an email or text said. Never altered; retention erases the words, and the contact stays.

    `opens` is the first message of its thread, itself none. `message_id` is its RFC 5322 Message-ID, or the gateway's.
    """

    contact = models.OneToOneField(Contact, models.PROTECT, primary_key=True, related_name="message")
    opens = models.ForeignKey("self", models.PROTECT, null=True, related_name="thread")
    message_id = models.CharField(max_length=250, unique=True)
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField(blank=True)
    written_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_message_is_empty", condition=Q(erased_at__isnull=True) | Q(subject="", body="")
            )
        ]
        indexes = [
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="message_subject_trigrams"),
            GinIndex(OpClass(Upper("body"), name="gin_trgm_ops"), name="message_body_trigrams"),
        ]

    def __str__(self) -> str:
        return "(erased)" if self.erased_at else self.subject or self.body[:60]


class MessageStep(models.Model):
    """One step on the way of a message that we sent, with the gateway's own word for it. Append-only."""

    class Step(models.TextChoices):
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Not delivered"

    message = models.ForeignKey(Message, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=9, choices=Step.choices)
    at = models.DateTimeField()
    proof = models.CharField(max_length=200, blank=True)
    by = ActorField()

    class Meta:
        constraints = [models.UniqueConstraint(name="message_step_once", fields=["message", "step"])]

    def __str__(self) -> str:
        return f"{self.message_id} {self.step}"


class Attachment(models.Model):
    """A file that came or went with a contact: a scanned letter, a lease, a photo. Append-only."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(name="attachment_once", fields=["contact", "file"])]

    def __str__(self) -> str:
        return self.name
