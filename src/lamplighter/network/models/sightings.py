"""What a meter showed at an instant, and what it told unasked. Both are append-only: the newest is what is known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.formats.network.messages import EventKind
from lamplighter.metering.models import Meter
from lamplighter.network.models.commands import Command
from lamplighter.network.models.heads import HeadEnd, Message
from lamplighter.network.types import EVENTS


class Sighting(models.Model):
    """A switch, power or a read as a meter showed it `at` (its own time where that can be believed), heard `heard_at`.

    `state` is `on`, `off`, `armed` or `unknown` of a switch; `on`, `off` or `silent` of power; empty of a read, whose
    `values` are [[quantity, unit, received]].
    """

    class Of(models.TextChoices):
        SWITCH = "switch", "Switch"
        POWER = "power", "Power"
        READ = "read", "Read"

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="sightings")
    of = models.CharField(max_length=6, choices=Of.choices)
    state = models.CharField(max_length=7, blank=True)
    volts = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    values = models.JSONField(default=list)
    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    command = models.ForeignKey(Command, models.PROTECT, null=True, related_name="sightings")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["meter", "of", "-at"], name="sighting_of_meter")]

    def __str__(self) -> str:
        return f"{self.of} {self.state}"


class MeterEvent(models.Model):
    """Something that a meter told: `at` by its own clock, `heard_at` by ours. Known once, however often it is told.

    `volts` is the lowest or highest voltage of it, `seconds` how long it lasted, where the meter told them.
    """

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="events")
    badge = models.CharField(max_length=40)
    kind = models.CharField(max_length=14, choices=[(kind.value, label) for kind, label in EVENTS.items()])
    code = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)
    volts = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    seconds = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    head_end = models.ForeignKey(HeadEnd, models.PROTECT, related_name="events")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="meter_event_once", fields=["badge", "kind", "code", "at", "head_end"]),
        ]
        indexes: ClassVar = [
            models.Index(fields=["meter", "-at"], name="event_of_meter"),
            models.Index(fields=["kind", "-at"], name="event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.badge} {self.kind}"

    @property
    def label(self) -> str:
        return EVENTS[EventKind(self.kind)]
