"""Old debt that is set aside and forgiven with bills paid in time: by which terms, what was set aside, each bill."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill
from lamplighter.credit.models.plans import ENDED_WHOLE, Arrangement, Outcome
from lamplighter.credit.rules.forgiving import Rules
from lamplighter.ledger.models import Code, Entry
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class ForgivenessTerms(models.Model):
    """By which rules old debt of these days is set aside, and which code bears what is forgiven."""

    id = models.BigAutoField(primary_key=True)
    period = PeriodField()
    most = MoneyField()
    parts = models.PositiveSmallIntegerField()
    missed = models.PositiveSmallIntegerField()
    grace_days = models.PositiveSmallIntegerField()
    programs = ArrayField(models.CharField(max_length=30), default=list)
    code = models.ForeignKey(Code, models.PROTECT, related_name="+")
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_forgiveness_terms_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                name="forgiveness_terms_forgive_something", condition=Q(most__gt=0, parts__gt=0, missed__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.most} in {self.parts} from {self.period.start}"

    @property
    def rules(self) -> Rules:
        return Rules(
            self.most, self.parts, self.missed, self.grace_days, frozenset(self.programs), self.citation
        )  # fmt: skip


class Forgiveness(models.Model):
    """Debt set aside on an agreement of its own, where nothing is asked for. It runs until all of it is forgiven, bills
    are missed, or it is ended. `let_in_by` is what opened it: "hardship", or a program's code."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="forgivenesses")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="forgiveness")
    terms = models.ForeignKey(ForgivenessTerms, models.PROTECT, related_name="forgivenesses")
    total = MoneyField()
    shares = ArrayField(models.BigIntegerField())
    let_in_by = models.CharField(max_length=30)
    consent = models.CharField(max_length=8, choices=Arrangement.Consent.choices)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_forgiveness_at_a_time", fields=["account"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(name="forgiveness_ended_whole", condition=ENDED_WHOLE),
        ]

    def __str__(self) -> str:
        return f"{self.total} since {self.made_on}"

    @property
    def subject(self) -> str:
        return f"forgiveness:{self.pk}"


class SetAside(models.Model):
    """A debt that was set aside, and the agreement to which what is left goes home. Append-only."""

    forgiveness = models.ForeignKey(Forgiveness, models.PROTECT, related_name="debts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    owed_on = models.DateField()
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="set_aside_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} of {self.owed_on}"


class JudgedBill(models.Model):
    """A bill since then: paid in time, and so much was forgiven for it by `entry`; or missed. Append-only."""

    id = models.BigAutoField(primary_key=True)
    forgiveness = models.ForeignKey(Forgiveness, models.PROTECT, related_name="bills")
    bill = models.OneToOneField(Bill, models.PROTECT, related_name="+")
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="judged_bill_forgives_by_an_entry",
                condition=Q(entry__isnull=True, amount=0) | Q(entry__isnull=False, amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}: {self.amount}"

    @property
    def in_time(self) -> bool:
        return self.entry_id is not None
