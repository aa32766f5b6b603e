"""Logs with columns of their own, and the lines in them."""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark
from lamplighter.workforce.rules.columns import LogColumn


class Log(models.Model):
    """A book that the unit keeps by hand: keys, cash on hand, returned mail. Its columns stay as they were begun."""

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=60)
    columns = models.JSONField()
    begun_at = models.DateTimeField()
    begun_by = ActorField()

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"log:{self.key}"

    @property
    def asks(self) -> tuple[LogColumn, ...]:
        return tuple(LogColumn.of(one) for one in self.columns)


class LogLine(models.Model):
    """One line. Append-only: a wrong one is corrected by a second, which names it. What was written (a JSON list in the
    order of the columns) stands in a remark, so that retention can erase it."""

    id = models.BigAutoField(primary_key=True)
    log = models.ForeignKey(Log, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    written = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="line_of_log", fields=["log", "number"])]

    def __str__(self) -> str:
        return f"{self.log_id} {self.number}"

    @property
    def values(self) -> list[str]:
        """What was written, in the order of the columns; nothing once erased."""
        words = self.written.words
        return [str(one) for one in json.loads(words)] if words else []
