"""Who must give a deposit by which terms, what was decided and why, its parts, who vouches, and what a bureau said."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Adjustment
from lamplighter.credit.rules.deposits import Form, Terms
from lamplighter.customers.models import Person
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.platform.models import Remark


class DepositTerms(models.Model):
    """The deposit policy for a class of customers for a period. `citation` names the resolution or ordinance."""

    period = PeriodField()
    customer_class = models.CharField(max_length=20)
    always = models.BooleanField()
    months = models.SmallIntegerField()
    least = MoneyField()
    most = MoneyField()
    points_from = models.SmallIntegerField()
    known_months = models.SmallIntegerField()
    score_from = models.SmallIntegerField(null=True)
    parts = models.SmallIntegerField()
    good_bills = models.SmallIntegerField()
    grace_days = models.SmallIntegerField()
    interest_percent = models.DecimalField(max_digits=5, decimal_places=3)
    tolerance_percent = models.SmallIntegerField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_deposit_policy_of_a_class_at_a_time",
                expressions=[("customer_class", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_class}: {self.citation} {self.period}"

    @property
    def terms(self) -> Terms:
        return Terms(
            always=self.always, months=self.months, least=self.least, most=self.most, points_from=self.points_from,
            known_months=self.known_months, score_from=self.score_from, parts=self.parts, good_bills=self.good_bills,
            grace_days=self.grace_days, interest_percent=self.interest_percent,
            tolerance_percent=self.tolerance_percent, citation=self.citation,
        )  # fmt: skip


class CreditReport(models.Model):
    """What a bureau answered about a person who agreed to be asked about: the score and its reasons, not the file."""

    class Consent(models.TextChoices):
        RECORDED = "recorded", "Said on a recorded call"
        SIGNED = "signed", "Signed"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="credit_reports")
    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_reports")
    bureau = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    reference = models.CharField(max_length=40)
    consent = models.CharField(max_length=8, choices=Consent.choices)
    score = models.SmallIntegerField(null=True)
    lowest = models.SmallIntegerField()
    highest = models.SmallIntegerField()
    factors = models.JSONField()
    asked_at = models.DateTimeField()
    asked_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="bureau_answer_once", fields=["bureau", "reference"]),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.reference}"


class DepositDecision(models.Model):
    """What the policy recommended for an account, why, and what a person decided. Append-only."""

    class Occasion(models.TextChoices):
        START = "start", "Service starts"
        RESTORE = "restore", "Power comes back"
        REVIEW = "review", "Yearly review"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="deposit_decisions")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    recommended = MoneyField()
    amount = MoneyField()
    form = models.CharField(max_length=16, choices=[(each.value, each.label) for each in Form])
    reasons = models.JSONField()
    report = models.ForeignKey(CreditReport, models.PROTECT, null=True, related_name="+")
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deposit_decided_not_below_zero", condition=Q(recommended__gte=0, amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}, {self.get_form_display().lower()}"

    @property
    def subject(self) -> str:
        return f"deposit:{self.pk}"


class DepositPart(models.Model):
    """An instalment of a deposit in money: asked for on its day."""

    decision = models.ForeignKey(DepositDecision, models.PROTECT, related_name="parts")
    place = models.SmallIntegerField()
    due_on = models.DateField()
    amount = MoneyField()
    asked = models.OneToOneField(Adjustment, models.PROTECT, null=True, related_name="+")
    dropped_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="deposit_part_once", fields=["decision", "place"]),
            models.CheckConstraint(name="deposit_part_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="deposit_part_asked_or_dropped", condition=Q(asked__isnull=True) | Q(dropped_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.due_on}"


class Security(models.Model):
    """Somebody vouches for an account for so much: another customer, a surety, a bank. Ended, its period is shorter."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="securities")
    decision = models.OneToOneField(DepositDecision, models.PROTECT, related_name="security")
    form = models.CharField(max_length=16, choices=[(each.value, each.label) for each in Form])
    guarantor = models.ForeignKey(Account, models.PROTECT, null=True, related_name="vouches_for")
    reference = models.CharField(max_length=80, blank=True)
    amount = MoneyField()
    period = PeriodField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="security_names_who_vouches",
                condition=Q(form="guarantor", guarantor__isnull=False)
                | (Q(form__in=("surety", "letter-of-credit")) & ~Q(reference="")),
            ),
            models.CheckConstraint(name="security_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.amount}"
