"""Meters, their channels, installations, multipliers and the switch; lots, whereabouts in stock, and tests."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from lamplighter.kernel.energy import Commodity, Flow, Measure, Unit
from lamplighter.metering.rules import Verdict, average
from lamplighter.platform.columns import ActorField, PeriodField, SpanField
from lamplighter.platform.models import Remark
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

    @property
    def subject(self) -> str:
        return f"meter:{self.badge}"


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
        indexes: ClassVar = [models.Index(name="switch_off_at_point", fields=["point"], condition=Q(state="off"))]

    def __str__(self) -> str:
        return f"{self.point_id} {self.state}"


class Lot(models.Model):
    """Meters of one delivery. Of them `sample` are tested before any is set; which ones, its number decides."""

    number = models.CharField(max_length=40, unique=True)
    maker = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=40, blank=True)
    accuracy_class = models.DecimalField(max_digits=4, decimal_places=2)
    sample = models.PositiveSmallIntegerField()
    received_on = models.DateField()
    received_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="accuracy_class_positive", condition=Q(accuracy_class__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class LotMeter(models.Model):
    """A meter came with a lot. Append-only."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="meters")
    meter = models.OneToOneField(Meter, models.PROTECT, related_name="lot")

    def __str__(self) -> str:
        return f"{self.meter_id} of {self.lot_id}"


class Whereabouts(models.Model):
    """Where a meter is that stands at no service point, from instant to instant. `holder` names the truck."""

    class Place(models.TextChoices):
        WAREHOUSE = "warehouse", "In the warehouse"
        TRUCK = "truck", "On a truck"
        RETURNED = "returned", "Taken out, not looked at yet"
        SHOP = "shop", "In the meter shop"
        RETIRED = "retired", "Retired"

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="whereabouts")
    place = models.CharField(max_length=9, choices=Place.choices)
    holder = models.CharField(max_length=40, blank=True)
    span = SpanField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="meter_at_one_place_of_stock",
                expressions=[("meter", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.holder}".strip()


class MeterTest(models.Model):
    """A series test: the registration at both loads as the meter was found, in percent, and as it was left where it was
    adjusted; judged by `low` and `high`, which held then. `order` is the number of the service order. Append-only."""

    class Why(models.TextChoices):
        CUSTOMER = "customer", "The customer asked"
        SUSPECTED = "suspected", "Suspected"
        SAMPLE = "sample", "Sample of a lot"
        RETURNED = "returned", "Taken out of service"

    class Where(models.TextChoices):
        FIELD = "field", "In the field"
        SHOP = "shop", "In the shop"

    id = models.BigAutoField(primary_key=True)
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="tests")
    why = models.CharField(max_length=9, choices=Why.choices)
    where = models.CharField(max_length=5, choices=Where.choices)
    tested_at = models.DateTimeField()
    found_full = models.DecimalField(max_digits=6, decimal_places=2)
    found_light = models.DecimalField(max_digits=6, decimal_places=2)
    left_full = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    left_light = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    average = models.DecimalField(max_digits=7, decimal_places=3)
    low = models.DecimalField(max_digits=6, decimal_places=2)
    high = models.DecimalField(max_digits=6, decimal_places=2)
    basis = models.CharField(max_length=120)
    verdict = models.CharField(max_length=9, choices=[(one.value, one.value) for one in Verdict])
    standard = models.CharField(max_length=40, blank=True)
    order = models.CharField(max_length=20, blank=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_test_of_an_order", fields=["order"], condition=~Q(order="")),
            models.CheckConstraint(
                name="left_at_both_loads",
                condition=Q(left_full__isnull=True, left_light__isnull=True)
                | Q(left_full__isnull=False, left_light__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["meter", "tested_at"], name="test_of_meter")]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.average} %"

    @property
    def is_right(self) -> bool:
        return self.verdict == Verdict.IN_LIMITS

    @property
    def is_left_right(self) -> bool:
        """It may stay, or be set: as it was found, or as it was left after it was adjusted."""
        if self.left_full is None or self.left_light is None:
            return self.is_right
        return self.low <= average(self.left_full, self.left_light) <= self.high
