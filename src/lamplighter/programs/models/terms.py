"""Programs, their terms by period, the income table that these refer to, and what may be spent in a year."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models

from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.programs.rules.qualifying import Basis, Guideline, Terms


class Program(models.Model):
    """A discount or allowance that a rate gives to whoever holds the `fact`. `gl_code` bears what it costs, where a
    fund does. `words` is what a representative says of it."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    fact = models.CharField(max_length=40, unique=True)
    gl_code = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"program:{self.code}"


class ProgramTerms(models.Model):
    """By which rules applications of these days are decided."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="terms")
    period = PeriodField()
    bases = ArrayField(models.CharField(max_length=10))
    categories = ArrayField(models.CharField(max_length=12), default=list)
    income_percent = models.PositiveSmallIntegerField(null=True)
    income_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField()
    fixed_months = models.PositiveSmallIntegerField()
    papers_days = models.PositiveSmallIntegerField()
    remind_days = ArrayField(models.PositiveSmallIntegerField())
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_terms_of_a_program_at_a_time",
                expressions=[("program", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.period}"

    @property
    def terms(self) -> Terms:
        return Terms(
            frozenset(Basis(each) for each in self.bases), self.income_percent, frozenset(self.categories),
            self.months, self.fixed_months, self.papers_days, tuple(self.remind_days), self.citation, self.income_share,
        )  # fmt: skip


class IncomeGuideline(models.Model):
    """The federal poverty guideline as the utility adopted it for a period."""

    period = PeriodField()
    first = MoneyField()
    more = MoneyField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(name="one_guideline_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"

    @property
    def guideline(self) -> Guideline:
        return Guideline(self.first, self.more, self.citation)


class Budget(models.Model):
    """What a program may cost in a fiscal year."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="budgets")
    period = PeriodField()
    amount = MoneyField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_budget_at_a_time",
                expressions=[("program", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.period}"
