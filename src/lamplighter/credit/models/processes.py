"""Collection processes and their dated steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField, MoneyField


class Process(models.Model):
    """A run of steps towards payment, from a template. It ends when the debt does, or a plan begins."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="collection_processes")
    template = models.CharField(max_length=30)
    debt = MoneyField()
    started_on = models.DateField()
    started_at = models.DateTimeField()
    started_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_process_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} since {self.started_on}"

    @property
    def subject(self) -> str:
        return f"collection:{self.pk}"


class Step(models.Model):
    """One dated step of a process. `amount` is what a notice asked for; `notice` is its proof of mailing."""

    id = models.BigAutoField(primary_key=True)
    process = models.ForeignKey(Process, models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    amount = MoneyField(null=True)
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="collection_step_once", fields=["process", "place"]),
            models.CheckConstraint(
                name="step_done_or_cancelled", condition=Q(done_on__isnull=True) | Q(cancelled_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} due {self.due_on}"
