"""What the utility is bound to or has promised, the goals in it, and which programs serve them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.rebates.models.programs import RebateProgram
from lamplighter.rebates.rules.progress import Kpi


class Mandate(models.Model):
    """A law, an ordinance, a climate or strategic plan: its words, where they stand, and since when they hold."""

    class Kind(models.TextChoices):
        LAW = "law", "Law or rule"
        CLIMATE = "climate", "Climate action plan"
        STRATEGY = "strategy", "Strategic plan"

    code = models.SlugField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=600)
    source = models.CharField(max_length=200)
    period = PeriodField()
    added_by = ActorField()

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"mandate:{self.code}"


class ClimateGoal(models.Model):
    """So much of a measure by a day, counted from a day on over what its programs saved."""

    id = models.BigAutoField(primary_key=True)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="goals")
    words = models.CharField(max_length=200)
    kpi = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Kpi])
    target = models.DecimalField(max_digits=14, decimal_places=2)
    starts_on = models.DateField()
    due_on = models.DateField()
    programs = models.ManyToManyField(RebateProgram, related_name="goals", through="GoalProgram")
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="goal_has_days", condition=Q(due_on__gt=F("starts_on"), target__gt=0))
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def subject(self) -> str:
        return f"climate-goal:{self.pk}"


class GoalProgram(models.Model):
    """A program that serves a goal."""

    goal = models.ForeignKey(ClimateGoal, models.PROTECT, related_name="ties")
    program = models.ForeignKey(RebateProgram, models.PROTECT, related_name="ties")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="program_serves_once", fields=["goal", "program"])]

    def __str__(self) -> str:
        return f"{self.program_id} for {self.goal_id}"
