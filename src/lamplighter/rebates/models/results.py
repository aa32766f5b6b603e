"""What came of applications: inspections, savings, payments and what was clawed back. All of them stay as written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.billing.models import Adjustment
from lamplighter.payments.models import Refund
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark, StoredFile
from lamplighter.rebates.models.applications import RebateApplication
from lamplighter.rebates.rules.worth import Basis


class Inspection(models.Model):
    """What somebody found on the spot: how many units are there and work. Append-only."""

    application = models.OneToOneField(RebateApplication, models.PROTECT, primary_key=True, related_name="inspection")
    told = models.DecimalField(max_digits=12, decimal_places=2)
    found = models.DecimalField(max_digits=12, decimal_places=2)
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="found_no_more_than_told", condition=Q(found__gte=0, found__lte=F("told")))
        ]

    def __str__(self) -> str:
        return f"{self.found} of {self.told}"


class Saving(models.Model):
    """What it saves in a year, gross: by the manual, or by the meter with how far off it may be (kWh, 90 %), how well
    the model of the year before fits, and over which days. `kg` is its CO2 by the grid's factor. Append-only."""

    application = models.OneToOneField(RebateApplication, models.PROTECT, primary_key=True, related_name="saving")
    basis = models.CharField(max_length=8, choices=[(each.value, each.label) for each in Basis])
    kwh = models.DecimalField(max_digits=14, decimal_places=3)
    kw = models.DecimalField(max_digits=12, decimal_places=4)
    fuel_kg = models.DecimalField(max_digits=14, decimal_places=3)
    kg = models.DecimalField(max_digits=14, decimal_places=3)
    kg_per_mwh = models.DecimalField(max_digits=10, decimal_places=3)
    factor = models.CharField(max_length=200)
    years = models.PositiveSmallIntegerField()
    off_kwh = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    fit = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.kwh} kWh of {self.application_id}"


class RebatePayment(models.Model):
    """The money of a rebate: a credit on the bill, or a check to the customer or the contractor. Append-only."""

    application = models.OneToOneField(RebateApplication, models.PROTECT, primary_key=True, related_name="payment")
    amount = MoneyField()
    adjustment = models.OneToOneField(Adjustment, models.PROTECT, null=True, related_name="+")
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rebate_paid_one_way",
                condition=Q(adjustment__isnull=False, refund__isnull=True)
                | Q(adjustment__isnull=True, refund__isnull=False),
            ),
            models.CheckConstraint(name="rebate_paid_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.application_id}"


class Clawback(models.Model):
    """What was asked back, charged to the account. Append-only."""

    payment = models.OneToOneField(RebatePayment, models.PROTECT, primary_key=True, related_name="clawback")
    amount = MoneyField()
    adjustment = models.OneToOneField(Adjustment, models.PROTECT, related_name="+")
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    gone_on = models.DateField()
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.amount} back of {self.payment_id}"
