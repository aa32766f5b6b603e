"""Who has a program, from when until when, on which basis; and what they were told about its end."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.programs.models.applications import Application
from lamplighter.programs.models.terms import Program
from lamplighter.programs.rules.qualifying import Basis


class Enrollment(models.Model):
    """A program on an agreement for a period. Ending it early shortens the period. Without an application it came from
    another system. `follows` is the one that it renews."""

    class Ended(models.TextChoices):
        CUSTOMER = "customer", "The customer asked"
        INELIGIBLE = "ineligible", "No longer qualifies"
        NO_ANSWER = "no-answer", "Did not answer the audit"
        MOVED = "moved", "Moved out"
        MISTAKE = "mistake", "Enrolled by mistake"

    id = models.BigAutoField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="enrollments")
    account = models.ForeignKey(Account, models.PROTECT, related_name="enrollments")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="enrollments")
    period = PeriodField()
    basis = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Basis])
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="enrollment")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)
    ended_why = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="enrolled_once_at_a_time",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("program", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="enrollment_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.period}"

    @property
    def subject(self) -> str:
        return f"enrollment:{self.pk}"


class Reminder(models.Model):
    """A letter about the end of an enrollment: so many days before it, or (0) that it has ended."""

    id = models.BigAutoField(primary_key=True)
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    on = models.DateField()
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="reminded_once", fields=["enrollment", "days"])]

    def __str__(self) -> str:
        return f"{self.days} days before the end of {self.enrollment_id}"
