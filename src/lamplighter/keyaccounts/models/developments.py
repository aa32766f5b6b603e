"""Developments from the first request to power: their load letters, stages, and what each of them waits on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark, User


class Development(models.Model):
    """Buildings that are being planned, for which somebody asked for service. `feeder` would carry them; power is
    wanted on a day, and the buildings fill over `ramp_months` after it."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    developer = models.ForeignKey(Organisation, models.PROTECT, related_name="developments")
    place = models.CharField(max_length=120)
    feeder = models.CharField(max_length=20)
    customer_class = models.CharField(max_length=20)
    wanted_on = models.DateField()
    ramp_months = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = ActorField()

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"development:{self.slug}"


class LoadLetter(models.Model):
    """What a developer says that it will take: uses by kind of building with their sizes, and the kVA that their
    engineer states. Append-only; the newest counts."""

    id = models.BigAutoField(primary_key=True)
    development = models.ForeignKey(Development, models.PROTECT, related_name="letters")
    received_on = models.DateField()
    stated_kva = models.DecimalField(max_digits=10, decimal_places=1, null=True)
    uses = models.JSONField()
    kept_at = models.DateTimeField()
    kept_by = ActorField()

    def __str__(self) -> str:
        return f"load letter of {self.received_on}"


class DevelopmentStage(models.Model):
    """That a development came to a stage, on a day. Append-only; the newest is where it stands."""

    class Stage(models.TextChoices):
        ASKED = "asked", "Service asked for"
        LETTER = "letter", "Load letter in"
        STUDY = "study", "Being studied"
        OFFERED = "offered", "Offer made"
        AGREED = "agreed", "Agreed and paid"
        BUILDING = "building", "Being built"
        ENERGISED = "energised", "Energised"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    development = models.ForeignKey(Development, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=9, choices=Stage.choices)
    on = models.DateField()
    words = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.stage} on {self.on}"


class DevelopmentNeed(models.Model):
    """Something that power waits for: a fee, a contribution, an easement, a transformer. Who it waits on, since when
    and until when stands in it until it is met; `reference` names the invoice, the recording or the purchase order."""

    class Kind(models.TextChoices):
        FEE = "fee", "Fee"
        CONTRIBUTION = "contribution", "Contribution"
        EASEMENT = "easement", "Easement"
        TRANSFORMER = "transformer", "Transformer"
        PERMIT = "permit", "Permit"
        DRAWING = "drawing", "Drawings"
        OTHER = "other", "Something else"

    class Side(models.TextChoices):
        DEVELOPER = "developer", "The developer"
        CITY = "city", "The city"
        OURSELVES = "ourselves", "Ourselves"
        SUPPLIER = "supplier", "A supplier"

    id = models.BigAutoField(primary_key=True)
    development = models.ForeignKey(Development, models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.CharField(max_length=120)
    waits_on = models.CharField(max_length=9, choices=Side.choices)
    since = models.DateField()
    expected_on = models.DateField(null=True)
    amount = MoneyField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    met_on = models.DateField(null=True)
    set_by = ActorField()
    met_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="need_met_by_somebody",
                condition=Q(met_on__isnull=True, met_by__isnull=True) | Q(met_on__isnull=False, met_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class AdoptedPlanning(models.Model):
    """A planning file (docs/algorithms/developments.md) as it holds from its day on. Append-only; the newest counts."""

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    text = models.TextField()
    adopted_at = models.DateTimeField()
    adopted_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-since", "-id"], name="planning_newest")]

    def __str__(self) -> str:
        return f"planning figures since {self.since}"
