"""The technical reference manual: measures with their savings and rates by period; and incentives of others."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.rebates.models.programs import RebateProgram
from lamplighter.rebates.rules import worth
from lamplighter.rebates.rules.qualifying import PaperKind
from lamplighter.rebates.rules.savings import Saved


class Measure(models.Model):
    """Something that a program pays for, counted in units. `answers` names the number of a what-if that counts its
    units, as `kind.assumption` or `kind.kwh` (kWh saved in a year); "" where none does."""

    code = models.SlugField(max_length=40, primary_key=True)
    program = models.ForeignKey(RebateProgram, models.PROTECT, related_name="measures")
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=30)
    basis = models.CharField(max_length=8, choices=[(each.value, each.label) for each in worth.Basis])
    answers = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"rebate-measure:{self.code}"


class ManualEntry(models.Model):
    """What the manual says of a measure for a period: savings of one unit in a year, how long it lasts, what is paid.

    A measured one has no savings of its own; its unit is a kWh of the first year. `dollars` a unit, to four places.
    """

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="entries")
    period = PeriodField()
    version = models.CharField(max_length=40)
    citation = models.CharField(max_length=200)
    kwh = models.DecimalField(max_digits=12, decimal_places=3)
    kw = models.DecimalField(max_digits=10, decimal_places=4)
    fuel_kg = models.DecimalField(max_digits=12, decimal_places=3)
    years = models.PositiveSmallIntegerField()
    dollars = models.DecimalField(max_digits=10, decimal_places=4)
    cost_percent = models.PositiveSmallIntegerField(null=True)
    most = MoneyField(null=True)
    classes = ArrayField(models.CharField(max_length=12))
    papers = ArrayField(models.CharField(max_length=10))
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_manual_entry_at_a_time",
                expressions=[("measure", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="rebate_is_positive", condition=Q(dollars__gt=0, years__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.version}"

    @property
    def rate(self) -> worth.Rate:
        measure = self.measure
        return worth.Rate(worth.Basis(measure.basis), measure.unit, self.dollars, self.cost_percent, self.most)

    @property
    def one(self) -> Saved:
        """What one unit saves in a year."""
        return Saved(Decimal(self.kwh), Decimal(self.kw), Decimal(self.fuel_kg), self.years)

    @property
    def paper_kinds(self) -> frozenset[PaperKind]:
        return frozenset(PaperKind(each) for each in self.papers)


class Incentive(models.Model):
    """What somebody else gives for a measure in a period, and whether it may be had together with ours."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="incentives")
    giver = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    period = PeriodField()
    form = models.CharField(max_length=7, choices=[(each.value, each.label) for each in worth.Form])
    value = models.DecimalField(max_digits=10, decimal_places=2)
    most = MoneyField(null=True)
    stacks = models.BooleanField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="incentive_once_at_a_time",
                expressions=[
                    ("measure", RangeOperators.EQUAL),
                    ("giver", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="incentive_gives", condition=Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.giver}: {self.name}"

    @property
    def other(self) -> worth.Other:
        return worth.Other(
            self.giver, self.name, worth.Form(self.form), self.value, self.most, self.stacks, self.citation, self.pk
        )
