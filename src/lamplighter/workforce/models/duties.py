"""Recurring duties, what was done of them, to whom a turn was handed, and the lists that were finished."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import Remark
from lamplighter.workforce.rules.rhythm import LAST, MOST_IN_MONTH, Rhythm
from lamplighter.worklist.kinds import Desk

_DESKS = [(desk.value, desk.value.replace("-", " ").capitalize()) for desk in Desk]


class WorkList(models.TextChoices):
    """To which list of the day a duty belongs."""

    OPENING = "opening", "Opening"
    CLOSING = "closing", "Closing"
    DAY = "day", "During the day"


class DeskDuty(models.Model):
    """Something that a desk does again and again, by a time of the office's day. `place` is the weekday (Monday 0) or
    the working day of the month (-1 the last); `owner` whose it is, None whoever of the desk takes it."""

    class Evidence(models.TextChoices):
        NONE = "none", "That it is done"
        WORDS = "words", "In words"
        COUNT = "count", "A count"

    title = models.CharField(max_length=80)
    desk = models.CharField(max_length=16, choices=_DESKS)
    list = models.CharField(max_length=7, choices=WorkList.choices, default=WorkList.DAY)
    rhythm = models.CharField(max_length=7, choices=[(one.value, one.value.capitalize()) for one in Rhythm])
    place = models.SmallIntegerField(default=0)
    due = models.TimeField()
    evidence = models.CharField(max_length=5, choices=Evidence.choices, default=Evidence.NONE)
    owner = ActorField(null=True)
    period = PeriodField()
    set_by = ActorField()
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duty_falls_on_a_day",
                condition=Q(rhythm="daily", place=0)
                | Q(rhythm="weekly", place__gte=0, place__lte=4)
                | (Q(rhythm="monthly") & (Q(place=LAST) | Q(place__gte=1, place__lte=MOST_IN_MONTH))),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"duty:{self.pk}"


class DutyDone(models.Model):
    """A turn was done, with its evidence. Append-only: one that is sent back is done anew."""

    id = models.BigAutoField(primary_key=True)
    duty = models.ForeignKey(DeskDuty, models.PROTECT, related_name="done")
    day = models.DateField()
    at = models.DateTimeField()
    by = ActorField()
    count = models.IntegerField(null=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "duty"], name="done_of_day")]

    def __str__(self) -> str:
        return f"{self.duty_id} of {self.day}"


class DutyReturn(models.Model):
    """What was done was not right: why, and who said so. Append-only."""

    done = models.OneToOneField(DutyDone, models.PROTECT, related_name="returned")
    at = models.DateTimeField()
    by = ActorField()
    remark = models.ForeignKey(Remark, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.done_id} back"


class DutyHandover(models.Model):
    """Whose the turn of one day is instead of its owner's; the last word counts. Append-only."""

    duty = models.ForeignKey(DeskDuty, models.PROTECT, related_name="handovers")
    day = models.DateField()
    to = ActorField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "duty"], name="handover_of_day")]

    def __str__(self) -> str:
        return f"{self.duty_id} of {self.day} to {self.to}"


class ListFinish(models.Model):
    """The opening or closing list of a day was finished. Append-only."""

    list = models.CharField(max_length=7, choices=WorkList.choices)
    day = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="list_finished_once", fields=["list", "day"]),
            models.CheckConstraint(name="a_list_that_is_finished", condition=Q(list__in=["opening", "closing"])),
        ]

    def __str__(self) -> str:
        return f"{self.list} of {self.day}"
