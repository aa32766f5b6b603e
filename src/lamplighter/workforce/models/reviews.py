"""A second look at work that somebody finished."""

from __future__ import annotations

from django.db import models

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark
from lamplighter.worklist.models import Item


class WorkReview(models.Model):
    """Whether a finished item was done right, in a reviewer's words. Append-only; work is looked at once."""

    class Verdict(models.TextChoices):
        RIGHT = "right", "Done right"
        LEARN = "learn", "Right, with something to learn"
        AGAIN = "again", "To be done again"

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="reviews")
    worker = ActorField()
    verdict = models.CharField(max_length=5, choices=Verdict.choices)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"
