"""Training modules, who is to learn them, and each try."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import User
from lamplighter.workforce.rules.quiz import Question


class Module(models.Model):
    """One version of a module: its text and questions never change; a correction is the next version."""

    title = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    questions = models.JSONField(default=list)
    percent = models.PositiveSmallIntegerField(default=80)
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="module_version", fields=["title", "version"]),
            models.CheckConstraint(name="module_asks_a_share", condition=Q(percent__gte=1, percent__lte=100)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"module:{self.pk}"

    @property
    def asks(self) -> tuple[Question, ...]:
        return tuple(Question.of(one) for one in self.questions)


class Assignment(models.Model):
    """Somebody is to learn a module by a day. Append-only."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="module_of_person", fields=["module", "person"])]

    def __str__(self) -> str:
        return f"{self.module_id} by {self.person_id}"


class Attempt(models.Model):
    """What somebody answered, how much of it was right, and whether that is enough. Append-only."""

    id = models.BigAutoField(primary_key=True)
    module = models.ForeignKey(Module, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    given = models.JSONField()
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="no_more_right_than_asked", condition=Q(right__lte=F("of")))
        ]
        indexes: ClassVar = [models.Index(fields=["person", "module"], name="attempt_of_person")]

    def __str__(self) -> str:
        return f"{self.module_id} {self.right} of {self.of}"
