"""Which accounts are aged bill by bill, by which policy, and which credits are tied to which bills."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.rules.matching import Style
from lamplighter.ledger.models import Entry, Posting
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class AgeingTerms(models.Model):
    """The utility's policy of ageing for a period: the classes of customers whose bills are open items, and whether
    credit that pays no bill yet counts against what is overdue. `citation` names the resolution."""

    period = PeriodField()
    open_classes = ArrayField(models.CharField(max_length=12))
    deduct = models.BooleanField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_ageing_policy_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"


class AgeingStyle(models.Model):
    """How one account's debts are aged for a period, where somebody chose it for that account."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="ageing_styles")
    period = PeriodField()
    style = models.CharField(max_length=8, choices=[(each.value, each.label) for each in Style])
    set_at = models.DateTimeField()
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_ageing_style_at_a_time",
                expressions=[("account", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.style} {self.period}"


class Match(models.Model):
    """So much of a credit pays what an agreement was asked for at one age; undone by a second row of the opposite
    amount. `entry` carries it into the books, where it moves ages and no money; `rule` says why it was made or undone.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="match")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="matches")
    owed_on = models.DateField()
    credit = models.ForeignKey(Posting, models.PROTECT, related_name="matches")
    amount = MoneyField()
    rule = models.CharField(max_length=9)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="match_pays_and_undoing_takes_back",
                condition=Q(undoes__isnull=True, amount__gt=0) | Q(undoes__isnull=False, amount__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.credit_id} for {self.owed_on}"
