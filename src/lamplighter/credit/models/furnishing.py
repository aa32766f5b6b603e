"""By which terms debts are told to credit bureaus, the files, what each said of a debt, and what is told no more."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.credit.models.writeoffs import WriteOff
from lamplighter.formats.agencies.metro2 import Dispute, Status
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.platform.models import Remark, StoredFile


class FurnishingTerms(models.Model):
    """While a row holds, debts of `least` or more are furnished from `wait_days` after their write-off. Without one
    nothing is: most public utilities furnish nothing."""

    period = PeriodField()
    least = MoneyField()
    wait_days = models.PositiveSmallIntegerField()
    equifax = models.CharField(max_length=10, blank=True)
    experian = models.CharField(max_length=5, blank=True)
    transunion = models.CharField(max_length=10, blank=True)
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(name="one_furnishing_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(name="furnished_from_an_amount", condition=Q(least__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.least} {self.period}"


class BureauFile(models.Model):
    """A file to the bureaus, kept without Social Security numbers; these are filled in when it is fetched. Append-only.
    One a month."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(unique=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    records = models.PositiveIntegerField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()

    def __str__(self) -> str:
        return f"{self.month:%b %Y}"


class FurnishedDebt(models.Model):
    """What a file said of one debt. Append-only."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(BureauFile, models.PROTECT, related_name="debts")
    write_off = models.ForeignKey(WriteOff, models.PROTECT, related_name="furnished")
    status = models.CharField(max_length=2, choices=[(each.value, each.name.title()) for each in Status])
    dispute = models.CharField(max_length=2, choices=[(each.value, each.name.title()) for each in Dispute], blank=True)
    indicator = models.CharField(max_length=2, blank=True)
    owed = MoneyField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="debt_furnished_once", fields=["of", "write_off"])]

    def __str__(self) -> str:
        return f"{self.status} {self.owed}"


class FurnishingStop(models.Model):
    """A debt that is furnished no more, and deleted where it was: a mistake, stolen identity, asked for otherwise.
    Append-only."""

    write_off = models.OneToOneField(WriteOff, models.PROTECT, primary_key=True, related_name="furnishing_stop")
    remark = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"from {self.on}"
