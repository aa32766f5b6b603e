"""Premises, service points, and dated facts about them that tariffs and crews ask for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from lamplighter.kernel.energy import Commodity
from lamplighter.platform.columns import ActorField, PeriodField


class Jurisdiction(models.Model):
    """Who taxes service here. Taxes are posted and reported by it."""

    key = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Premise(models.Model):
    """A place where service can be delivered."""

    number = models.CharField(max_length=20, unique=True)
    street = models.CharField(max_length=120)
    unit = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    postcode = models.CharField(max_length=10)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    use = models.CharField(max_length=20, default="residential")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="premise_address_once", fields=["street", "unit", "postcode"]),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("street"), name="gin_trgm_ops"), name="premise_street_trigrams"),
            GinIndex(OpClass(Upper("unit"), name="gin_trgm_ops"), name="premise_unit_trigrams"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return f"{self.street} {self.unit}".strip()

    @property
    def label(self) -> str:
        """The address as an envelope wants it."""
        return f"{self.address}\n{self.city} {self.state} {self.postcode}"


class SealedAddress(models.Model):
    """The address of a premise that is confidential. While it lies here sealed, the premise bears a cover in its place
    ("Confidential place 10021"), so that no page, paper, list or file that reads premises can tell it; its digest
    keeps it from being added a second time."""

    premise = models.OneToOneField(Premise, models.PROTECT, primary_key=True, related_name="sealed_address")
    sealed = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    sealed_at = models.DateTimeField()
    sealed_by = ActorField()

    def __str__(self) -> str:
        return str(self.premise)


class ServicePoint(models.Model):
    """The socket: one commodity at one premise. A building's or a master meter's points hang below their parent."""

    class Kind(models.TextChoices):
        METERED = "metered", "Metered"
        UNMETERED = "unmetered", "Unmetered"

    number = models.CharField(max_length=24, unique=True)
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="service_points")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    commodity = models.CharField(max_length=12, choices=[(c.value, c.value.capitalize()) for c in Commodity])
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.METERED)
    feeder = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="point_not_its_own_parent", condition=~models.Q(parent=models.F("id"))),
        ]

    def __str__(self) -> str:
        return self.number


class PointFact(models.Model):
    """A fact about a service point for a period: heating source, amperes, phases, voltage, connected kW, lamps.

    Names and values are those that tariffs put conditions on (docs/words.md).
    """

    point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_value_at_a_time",
                expressions=[
                    ("point", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
