"""Searches for customers who left and whose mail comes back: where one looked, what was found, and how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.credit.rules.searching import Where
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark


class Search(models.Model):
    """`notice` is the letter that came back. While it runs, no agency gets the debt."""

    class Outcome(models.TextChoices):
        FOUND = "found", "Found"
        NOT_FOUND = "not-found", "Not found"
        PAID = "paid", "Nothing is owed any more"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="searches")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_search_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="search_ended_whole",
                condition=Q(ended_on__isnull=True, outcome="", ended_by__isnull=True)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"search for {self.account_id} since {self.opened_on}"

    @property
    def subject(self) -> str:
        return f"search:{self.pk}"


class SearchStep(models.Model):
    """One place was looked in. What was learned there is personal: the words can be erased, and an address that was
    `found` is kept with the person. `notice` went there. Append-only."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(Search, models.PROTECT, related_name="steps")
    where = models.CharField(max_length=9, choices=[(each.value, each.label) for each in Where])
    remark = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    found = models.BooleanField()
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    tried_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = ActorField()

    def __str__(self) -> str:
        return f"{self.where} on {self.tried_on}"
