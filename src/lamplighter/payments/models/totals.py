"""What a source itself says that a balancing period holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.payments.models.tenders import TenderControl
from lamplighter.platform.columns import ActorField


class ControlTotal(models.Model):
    """A sender's own total of a period, by kind of tender in cents; against ours it shows what one of us lacks. With a
    `reason` a person has explained the difference."""

    id = models.BigAutoField(primary_key=True)
    control = models.ForeignKey(TenderControl, models.PROTECT, related_name="totals")
    totals = models.JSONField(default=dict)
    equal = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="balanced_by_one_total", fields=["control"], condition=models.Q(equal=True)),
        ]

    def __str__(self) -> str:
        return f"{'equal' if self.equal else 'other'} total of {self.control_id}"
