"""What guarantors are asked for after a final bill that was not paid: told when, to answer by when, and what came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.credit.models.deposits import Security
from lamplighter.ledger.models import Entry
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField, MoneyField


class GuarantorClaim(models.Model):
    """A promise is called in: a notice to whoever vouched, and after `answer_by` the amount moves to their account."""

    class Outcome(models.TextChoices):
        MOVED = "moved", "Asked for on their account"
        PAID = "paid", "Nothing is owed any more"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.BigAutoField(primary_key=True)
    security = models.OneToOneField(Security, models.PROTECT, related_name="claim")
    amount = MoneyField()
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")
    told_on = models.DateField()
    answer_by = models.DateField()
    told_at = models.DateTimeField()
    told_by = ActorField()
    moved = MoneyField(null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="claim_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="claim_ended_whole",
                condition=Q(ended_on__isnull=True, outcome="", ended_by__isnull=True)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="claim_moved_with_its_entry",
                condition=Q(outcome="moved", entry__isnull=False, moved__gt=0)
                | (~Q(outcome="moved") & Q(entry__isnull=True, moved__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of guarantor {self.security_id}"

    @property
    def subject(self) -> str:
        return f"claim:{self.pk}"
