"""What happened, who looked, what rows were before, and the words that may be erased one day."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from lamplighter.platform.columns import ActorField


class Remark(models.Model):
    """Free text and personal words. Immutable rows refer to them; retention erases the words, not the row."""

    words = models.TextField()
    written_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [GinIndex(OpClass(Upper("words"), name="gin_trgm_ops"), name="remark_trigrams")]

    def __str__(self) -> str:
        return "(erased)" if self.erased_at else self.words


class Event(models.Model):
    """Something that happened, told once: what, about what, by whom, when and why. Append-only.

    `subject` is `kind:key`; `account` is the id of the account whose timeline shows it, if one does.
    `data` holds figures and keys, never names, addresses or free text: those go into the remark.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    actor = ActorField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["remark"], name="event_remark", condition=models.Q(remark__isnull=False)),
            models.Index(fields=["subject", "-at"], name="event_subject_at"),
            models.Index(fields=["account", "-at"], name="event_account_at"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
            BrinIndex(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class PastRow(models.Model):
    """What a row of a mutable table was before it changed; written by trigger."""

    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=40)
    was = models.JSONField()
    changed_at = models.DateTimeField()
    actor = ActorField()

    class Meta:
        indexes = [
            models.Index(fields=["table_name", "row_id", "-changed_at"], name="past_of_row"),
            models.Index(fields=["actor", "-id"], name="past_actor"),
            BrinIndex(fields=["changed_at"], name="past_changed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} until {self.changed_at}"


class AccessRecord(models.Model):
    """Somebody read a sensitive record: who, which, by what permission. Append-only."""

    id = models.BigAutoField(primary_key=True)
    actor = ActorField()
    subject = models.CharField(max_length=80)
    permission = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="access_subject_at"),
            models.Index(fields=["actor", "-id"], name="access_actor"),
            BrinIndex(fields=["at"], name="access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} read {self.subject}"
