"""What is known of a customer's site beyond meters and bills, for a period, and from whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.platform.columns import ActorField, PeriodField


class Trait(models.Model):
    """One thing known of an account's site: its business code, its floor area, what one of its uses of energy runs
    on, who is hurt when power fails, and what it has for that day."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "Business code (NAICS)"
        COOKING = "cooking", "Cooking"
        HEATING = "heating", "Heating"
        WATER = "water", "Hot water"
        VEHICLES = "vehicles", "Vehicles"
        CRITICAL = "critical", "Critical without power"
        BACKUP = "backup", "Has for outages"
        AREA = "area", "Floor area (sq ft)"

    class Runs(models.TextChoices):
        GAS = "gas", "Gas"
        ELECTRIC = "electric", "Electric"
        OIL = "oil", "Oil or diesel"
        NONE = "none", "None"

    class Critical(models.TextChoices):
        HOSPITAL = "hospital", "Hospital or clinic"
        CARE = "care", "Care home"
        WATER = "water", "Water or sewage pumps"
        SAFETY = "safety", "Fire, police, rescue"
        COLD = "cold", "Cold store"

    class Backup(models.TextChoices):
        LINE = "line", "A second line"
        GENERATOR = "generator", "Its own generator"
        BOTH = "both", "A second line and its own generator"
        BATTERY = "battery", "A battery for the whole site"
        NONE = "none", "Nothing"

    account = models.ForeignKey(Account, models.PROTECT, related_name="traits")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=20)
    source = models.CharField(max_length=60)
    period = PeriodField()
    noted_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_trait_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="trait_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind}={self.value}"

    @property
    def words(self) -> str:
        """`cooking: gas`, `business code 722511`, `floor area: 12,000 sq ft`."""
        if self.kind == self.Kind.BUSINESS:
            return f"business code {self.value}"
        if self.kind == self.Kind.AREA:
            return f"floor area: {self.value_words}"
        return f"{self.get_kind_display().lower()}: {self.value_words.lower()}"

    @property
    def value_words(self) -> str:
        """`Gas`, `722511`, `12,000 sq ft`."""
        if self.kind == self.Kind.AREA:
            return f"{int(self.value):,} sq ft"
        return self.value if self.kind == self.Kind.BUSINESS else str(self.options(self.kind)(self.value).label)

    @classmethod
    def options(cls, kind: str) -> type[models.TextChoices]:
        """What a trait of a kind may be, where that is one of a list."""
        lists: dict[str, type[models.TextChoices]] = {cls.Kind.CRITICAL: cls.Critical, cls.Kind.BACKUP: cls.Backup}
        return lists.get(kind, cls.Runs)

    @classmethod
    def listed(cls) -> list[Trait.Kind]:
        """The kinds of whose traits there is a list."""
        return [kind for kind in cls.Kind if kind not in {cls.Kind.BUSINESS, cls.Kind.AREA}]


class OptOut(models.Model):
    """A person who wants no offers and surveys from us, for a period, and how they said so."""

    class How(models.TextChoices):
        LINK = "link", "By the link in a letter"
        CALL = "call", "On the phone"
        WRITING = "writing", "In writing"
        VISIT = "visit", "In person"

    person = models.ForeignKey(Person, models.PROTECT, related_name="opt_outs")
    how = models.CharField(max_length=7, choices=How.choices)
    period = PeriodField()
    stated_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_opt_out_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} wants no offers {self.period}"
