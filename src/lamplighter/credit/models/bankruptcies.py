"""Bankruptcy cases, the debts from before their filing, and every step of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Segment
from lamplighter.credit.models.standing import Hold
from lamplighter.credit.rules.bankruptcy import CHAPTERS, Assurance, Chapter
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark


class Bankruptcy(models.Model):
    """A case of the account's customer. What was owed before it stands on `agreement`, asked for by nobody."""

    class Outcome(models.TextChoices):
        DISMISSED = "dismissed", "Dismissed"
        DISCHARGED = "discharged", "Discharged"
        CLOSED = "closed", "Closed without discharge"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="bankruptcies")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="bankruptcy")
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="+")
    chapter = models.PositiveSmallIntegerField(choices=[(one.number, one.label) for one in CHAPTERS.values()])
    case_number = models.CharField(max_length=30)
    court = models.CharField(max_length=80)
    trustee = models.CharField(max_length=80, blank=True)
    filed_on = models.DateField()
    order_on = models.DateField()
    assurance = MoneyField()
    assurance_due_on = models.DateField()
    assurance_form = models.CharField(max_length=16, choices=[(a.value, a.label) for a in Assurance], blank=True)
    assurance_on = models.DateField(null=True)
    bar_date = models.DateField()
    claim = MoneyField(null=True)
    claimed_on = models.DateField(null=True)
    relief_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    entered_at = models.DateTimeField()
    entered_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_bankruptcy_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="bankruptcy_ended_with_an_outcome",
                condition=Q(ended_on__isnull=True, outcome="") | (Q(ended_on__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="claim_has_its_day",
                condition=Q(claim__isnull=True, claimed_on__isnull=True)
                | Q(claim__isnull=False, claimed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number}, chapter {self.chapter}"

    @property
    def subject(self) -> str:
        return f"bankruptcy:{self.pk}"

    @property
    def of(self) -> Chapter:
        return CHAPTERS[self.chapter]


class FiledDebt(models.Model):
    """A debt, or a part of one, from before the filing: whose it was and since when. Append-only.

    `segment` is what was billed, or billed again, later, and so changed what is from before: less, below zero.
    """

    bankruptcy = models.ForeignKey(Bankruptcy, models.PROTECT, related_name="debts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    owed_on = models.DateField()
    amount = MoneyField()
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="filed_debt_positive_at_first", condition=Q(amount__gt=0) | Q(amount__lt=0, segment__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.owed_on}"


class CaseStep(models.Model):
    """Something happened in a case: when, what, how much, who entered it. Append-only."""

    id = models.BigAutoField(primary_key=True)
    bankruptcy = models.ForeignKey(Bankruptcy, models.PROTECT, related_name="steps")
    what = models.CharField(max_length=20)
    happened_on = models.DateField()
    amount = MoneyField(null=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.what} {self.happened_on}"
