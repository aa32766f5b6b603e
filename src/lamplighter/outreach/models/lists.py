"""Lists that were taken in line by line: what they came to, and the lines that could not be used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.keyaccounts.models import Gathering
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark


class TakenList(models.Model):
    """A list of guests (of a `gathering`) or of traits: how many lines were `noted`, and how many `known` before.
    Append-only."""

    id = models.BigAutoField(primary_key=True)
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, related_name="lists")
    noted = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    new_people = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField()
    taken_by = ActorField()

    def __str__(self) -> str:
        return f"{self.noted} noted, {self.known} known already"

    @property
    def subject(self) -> str:
        return f"taken-list:{self.pk}"


class RefusedLine(models.Model):
    """A line that could not be used: where it stood, what it said, and why. Append-only; retention erases the words."""

    taken = models.ForeignKey(TakenList, models.PROTECT, related_name="refused")
    line = models.PositiveIntegerField()
    said = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    why = models.ForeignKey(Remark, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="refused_line_once", fields=["taken", "line"])]

    def __str__(self) -> str:
        return f"line {self.line} of {self.taken_id}"
