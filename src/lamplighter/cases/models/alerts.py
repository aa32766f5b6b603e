"""What one must know before acting on an account, and which acts it blocks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import Remark


class AccountAlert(models.Model):
    """Something to know of an account for a period, written by a person. A stop blocks the `acts` that it names."""

    class Level(models.TextChoices):
        STOP = "stop", "Stop"
        WATCH = "watch", "Watch"
        KNOW = "know", "Know"

    account = models.ForeignKey(Account, models.PROTECT, related_name="alerts")
    level = models.CharField(max_length=5, choices=Level.choices)
    title = models.CharField(max_length=60)
    acts = models.JSONField(default=list)
    period = PeriodField()
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    raised_by = ActorField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_a_stop_blocks", condition=(Q(level="stop") & ~Q(acts=[])) | (~Q(level="stop") & Q(acts=[]))
            )
        ]
        indexes = [models.Index(fields=["account"], name="alert_of_account")]

    def __str__(self) -> str:
        return self.title
