"""Schedules, versions of their text, and factors that change by date."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from lamplighter.platform.columns import ActorField, PeriodField


class Schedule(models.Model):
    """A rate that customers can be on, such as R-1. `key` is `utility/code`."""

    key = models.CharField(max_length=60, primary_key=True)
    utility = models.CharField(max_length=80)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    customer_class = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.code


class TariffText(models.Model):
    """A tariff file as somebody wrote it, by its SHA-256. Append-only."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Version(models.Model):
    """A schedule's text for a period: drafted by one person, adopted by another. Adopted ones never overlap."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"

    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="versions")
    source = models.ForeignKey(TariffText, models.PROTECT, related_name="+")
    period = PeriodField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    resolution = models.CharField(max_length=160, blank=True)
    drafted_by = ActorField()
    drafted_at = models.DateTimeField()
    adopted_by = ActorField(null=True)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_adopted_version_at_a_time",
                expressions=[("schedule", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state="adopted"),
            ),
            models.CheckConstraint(
                name="adopted_by_a_second_person",
                condition=~Q(state="adopted") | (Q(adopted_by__isnull=False) & ~Q(adopted_by=F("drafted_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.period}"

    @property
    def subject(self) -> str:
        return f"tariff:{self.pk}"
