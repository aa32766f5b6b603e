"""What a contract asks of the customer in every bill, and each bill held to it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.billing.models import Segment
from lamplighter.keyaccounts.models.terms import Contract
from lamplighter.platform.columns import ActorField, PeriodField


class Obligation(models.Model):
    """The least that each bill of a contract must come to, in a measure, for a period. A shortfall is told to the
    manager; what is billed for it stands in the rate."""

    class Measure(models.TextChoices):
        DOLLARS = "dollars", "Charges of a bill ($)"
        KWH = "kwh", "Energy of a bill (kWh)"

    id = models.BigAutoField(primary_key=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="obligations")
    measure = models.CharField(max_length=7, choices=Measure.choices)
    least = models.DecimalField(max_digits=14, decimal_places=2)
    period = PeriodField()
    promised_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="obligation_once",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("measure", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="obligation_above_nothing", condition=Q(least__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.contract_id}"


class ObligationTest(models.Model):
    """A bill held to an obligation, once: what it came to, and by how much it fell short. Append-only.

    Of a bill that was cancelled the test stays; the bill in its place is held to the obligation anew.
    """

    id = models.BigAutoField(primary_key=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="tests")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="+")
    found = models.DecimalField(max_digits=18, decimal_places=6)
    short = models.DecimalField(max_digits=18, decimal_places=6)
    tested_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="bill_tested_once", fields=["obligation", "segment"]),
            models.CheckConstraint(name="short_is_not_negative", condition=Q(short__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.segment_id}"
