"""Samples of enrollments that are looked into, and what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark
from lamplighter.programs.models.enrollments import Enrollment
from lamplighter.programs.models.terms import Program


class Sample(models.Model):
    """Drawn from everybody enrolled on a day. The same seed on the same day draws the same."""

    id = models.BigAutoField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="samples")
    name = models.CharField(max_length=40)
    on = models.DateField()
    seed = models.CharField(max_length=40)
    population = models.PositiveIntegerField()
    answer_by = models.DateField()
    drawn_at = models.DateTimeField()
    drawn_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="sample_once", fields=["program", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"sample:{self.pk}"


class SampleCase(models.Model):
    """One enrollment of a sample, in the order drawn, and what came of it."""

    class Finding(models.TextChoices):
        QUALIFIES = "qualifies", "Qualifies"
        OVER = "over", "Income over the limit"
        NOT_SHOWN = "not-shown", "Nothing was shown"
        GONE = "gone", "No longer lives there"

    id = models.BigAutoField(primary_key=True)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="cases")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="cases")
    place = models.PositiveSmallIntegerField()
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    found_on = models.DateField(null=True)
    found_by = ActorField(null=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="sampled_once", fields=["sample", "enrollment"]),
            models.CheckConstraint(
                name="found_by_someone",
                condition=Q(finding="", found_on__isnull=True, found_by__isnull=True)
                | (~Q(finding="") & Q(found_on__isnull=False, found_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.sample_id}"

    @property
    def subject(self) -> str:
        return f"sample-case:{self.pk}"
