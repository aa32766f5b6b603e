"""Letters that are printed and mailed together, with the manifest that somebody signs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lamplighter.notices.models.notices import Notice
from lamplighter.platform.columns import ActorField


class LetterBatch(models.Model):
    """Letters in one tray: counted when they are printed, mailed at one moment by one proof, or given up."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = ActorField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    mailed_at = models.DateTimeField(null=True)
    mailed_by = ActorField(null=True)
    proof = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailed_batch_has_its_proof",
                condition=Q(mailed_at__isnull=True, mailed_by__isnull=True, proof="")
                | (Q(mailed_at__isnull=False, mailed_by__isnull=False) & ~Q(proof="")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"L-{self.pk}"

    @property
    def subject(self) -> str:
        return f"letter-batch:{self.pk}"


class BatchedLetter(models.Model):
    """A letter's place in its batch. A letter is in one batch. Append-only."""

    batch = models.ForeignKey(LetterBatch, models.PROTECT, related_name="letters")
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="batched")
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="place_in_batch", fields=["batch", "place"])]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.place}"
