"""A meter that is checked with the customer: what was asked, what was answered, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.metering.models import Meter
from lamplighter.network.rules.guiding import OUTCOMES
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark
from lamplighter.premises.models import ServicePoint


class MeterCheck(models.Model):
    """One check of one meter, from the call in which it began to its outcome. One is open at a meter at a time.

    `conclusion` is what the check-list came to, `order` the number of the order that was raised for it.
    """

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="checks")
    point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="meter_checks")
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    conclusion = models.CharField(max_length=14, blank=True)
    outcome = models.CharField(max_length=12, blank=True, choices=list(OUTCOMES.items()))
    order = models.CharField(max_length=20, blank=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_check", fields=["meter"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="check_ended_with_an_outcome",
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["meter", "-begun_at"], name="check_of_meter")]

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def subject(self) -> str:
        return f"check:{self.pk}"


class CheckAnswer(models.Model):
    """One answer of the customer, or one thing that was done. Append-only; the newest of a question counts."""

    id = models.BigAutoField(primary_key=True)
    check_of = models.ForeignKey(MeterCheck, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["check_of", "id"], name="answer_of_check")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
