"""Programs of rebates, their terms by period, and budgets with what is committed of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from lamplighter.kernel.money import Money
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class RebateProgram(models.Model):
    """A program that pays for measures. `gl_code` bears what it pays; `words` say to a customer what it is for."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    gl_code = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"rebate-program:{self.code}"


class RebateTerms(models.Model):
    """By which rules applications of these days go: days for the work, the sample, the years of keeping it, and the
    rates by which savings are told. `seed` draws the sample; from `always_from` on everything is inspected."""

    program = models.ForeignKey(RebateProgram, models.PROTECT, related_name="terms")
    period = PeriodField()
    work_days = models.PositiveSmallIntegerField()
    sample_percent = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=40)
    always_from = MoneyField(null=True)
    keep_months = models.PositiveSmallIntegerField()
    realisation_percent = models.PositiveSmallIntegerField()
    net_percent = models.PositiveSmallIntegerField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_rebate_terms_at_a_time",
                expressions=[("program", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="sample_of_a_hundred", condition=Q(sample_percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.period}"


class RebateBudget(models.Model):
    """What a program may commit in a fiscal year. `committed` is the sum of its commitments, and the database refuses
    one that would take more than there is."""

    program = models.ForeignKey(RebateProgram, models.PROTECT, related_name="budgets")
    period = PeriodField()
    amount = MoneyField()
    committed = MoneyField(default=0)
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_rebate_budget_at_a_time",
                expressions=[("program", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="rebate_budget_never_overdrawn", condition=Q(committed__gte=0, committed__lte=F("amount"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.period}"

    @property
    def left(self) -> Money:
        left: Money = self.amount - self.committed
        return left


class Commitment(models.Model):
    """A change of what is committed for an application: reserved (positive), let go or given back (negative).
    Append-only."""

    class Kind(models.TextChoices):
        RESERVED = "reserved", "Reserved"
        RELEASED = "released", "Let go"
        RETURNED = "returned", "Given back"

    id = models.BigAutoField(primary_key=True)
    budget = models.ForeignKey(RebateBudget, models.PROTECT, related_name="commitments")
    application = models.ForeignKey("rebates.RebateApplication", models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = MoneyField()
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} for {self.application_id}"
