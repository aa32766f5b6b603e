"""Meters, their channels, installations at service points, multipliers and the switch."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from lamplighter.kernel.energy import Commodity, Flow, Measure, Unit
from lamplighter.platform.columns import PeriodField, SpanField
from lamplighter.premises.models import ServicePoint


class Meter(models.Model):
    """A device with a number on its face. `model` names what it is; AMI says how it is heard."""

    badge = models.CharField(max_length=40, unique=True)
    serial = models.CharField(max_length=40, blank=True, db_index=True)
    commodity = models.CharField(max_length=12, choices=[(c.value, c.value.capitalize()) for c in Commodity])
    maker = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=40, blank=True)
    ami = models.BooleanField(default=True)
    switch = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass(Upper("badge"), name="gin_trgm_ops"), name="meter_badge_trigrams")]

    def __str__(self) -> str:
        return self.badge


class Channel(models.Model):
    """One quantity that a meter measures: an interval channel, or a register with dials.

    `id` is the channel's key in the interval store. Counts are integers of 10^`power` `unit`; the multiplier of the
    day turns them into the quantity. `interval` is in seconds; a register has none.
    """

    class Quantity(models.TextChoices):
        ENERGY = "energy", "Energy"
        DEMAND = "demand", "Demand"
        REACTIVE = "reactive", "Reactive energy"
        APPARENT = "apparent", "Apparent energy"
        VOLUME = "volume", "Volume"

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="channels")
    name = models.CharField(max_length=40)
    quantity = models.CharField(max_length=10, choices=Quantity.choices, default=Quantity.ENERGY)
    flow = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Flow], default=Flow.DELIVERED.value)
    unit = models.CharField(max_length=8, choices=[(u.value, u.value) for u in Unit], default=Unit.WH.value)
    power = models.SmallIntegerField(default=0)
    interval = models.IntegerField(null=True)
    dials = models.SmallIntegerField(null=True)
    tou = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="channel_name_once", fields=["meter", "name"]),
            models.CheckConstraint(
                name="interval_or_dials",
                condition=Q(interval__gt=0, dials__isnull=True) | Q(interval__isnull=True, dials__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}/{self.name}"

    @property
    def measure(self) -> Measure:
        return Measure(Unit(self.unit), self.power)

    @property
    def is_register(self) -> bool:
        return self.interval is None


class Multiplier(models.Model):
    """What a channel's counts are multiplied with for a period: CT ratio x PT ratio x the meter's constant."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="multipliers")
    factor = models.DecimalField(max_digits=14, decimal_places=6)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="multiplier_positive", condition=Q(factor__gt=0)),
            ExclusionConstraint(
                name="one_multiplier_at_a_time",
                expressions=[("channel", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"x {self.factor.normalize():f} {self.period}"


class Installation(models.Model):
    """A meter at a service point, from instant to instant: an exchange at noon splits the day."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="installations")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="installations")
    span = SpanField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="meter_in_one_place",
                expressions=[("meter", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="one_meter_at_a_point",
                expressions=[("point", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} at {self.point_id}"


class SwitchState(models.Model):
    """Whether service is on at a point, from instant to instant: a cut and a reconnection on one day are two rows."""

    class State(models.TextChoices):
        ON = "on", "On"
        OFF = "off", "Off"

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="switch_states")
    state = models.CharField(max_length=3, choices=State.choices)
    reason = models.CharField(max_length=40, blank=True)
    span = SpanField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_switch_state_at_a_time",
                expressions=[("point", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.state}"
