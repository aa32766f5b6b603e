"""Persons, human or company, with their names, contact points and identity numbers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from lamplighter.customers.consent import Purpose, Said
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import User


class Person(models.Model):
    """Somebody who is a customer, or is named on an account. `sort_name` is "Nguyen, Thi Hoa"."""

    class Kind(models.TextChoices):
        HUMAN = "human", "Person"
        ORGANISATION = "organisation", "Organisation"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"
        CHINESE_TRADITIONAL = "zh-hant", "Chinese (traditional)"
        CHINESE_SIMPLIFIED = "zh-hans", "Chinese (simplified)"
        TAGALOG = "tl", "Tagalog"
        VIETNAMESE = "vi", "Vietnamese"

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=160)
    sort_name = models.CharField(max_length=160)
    language = models.CharField(max_length=7, choices=Language.choices, default=Language.ENGLISH)
    interpreter = models.BooleanField(default=False)
    login = models.OneToOneField(User, models.PROTECT, null=True, related_name="person")
    deceased_on = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name


class OtherName(models.Model):
    """A former name, a trade name, an alias: found by search, shown with its kind."""

    class Kind(models.TextChoices):
        FORMER = "former", "Former name"
        TRADE = "trade", "Doing business as"
        ALIAS = "alias", "Also known as"

    person = models.ForeignKey(Person, models.CASCADE, related_name="other_names")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="other_name_trigrams")]

    def __str__(self) -> str:
        return self.name


class ContactPoint(models.Model):
    """A telephone number (E.164) or an email address of a person, for a period."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", "Mobile"
        PHONE = "phone", "Telephone"
        EMAIL = "email", "Email"

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    primary = models.BooleanField(default=False)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="contact_primary_once", fields=["person", "kind"],
                condition=Q(primary=True) & Q(period__endswith__isnull=True),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["value"], name="contact_value"),
            GinIndex(OpClass(Upper("value"), name="gin_trgm_ops"), name="contact_trigrams"),
        ]

    def __str__(self) -> str:
        return self.value


class MailingAddress(models.Model):
    """Where letters to a person go, for a period; the latest that has begun wins (seasonal addresses)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="mailing_addresses")
    lines = models.TextField()
    period = PeriodField()

    def __str__(self) -> str:
        return self.lines.replace("\n", ", ")


class AddressProtection(models.Model):
    """Where a person lives is confidential until it is ended: papers go to the `substitute` address, and nobody sees
    the home without a permission and a reason. `evidence` is what was shown; `until` is how long it was granted for."""

    class Program(models.TextChoices):
        SAFE_AT_HOME = "safe-at-home", "Safe at Home"
        COURT = "court", "Court order"

    person = models.ForeignKey(Person, models.PROTECT, related_name="address_protections")
    program = models.CharField(max_length=12, choices=Program.choices)
    evidence = models.CharField(max_length=120)
    substitute = models.TextField()
    until = models.DateField(null=True)
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_on = models.DateField(null=True)
    end_evidence = models.CharField(max_length=120, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_address_protection_at_a_time", fields=["person"], condition=Q(ended_on=None)
            ),
            models.CheckConstraint(
                name="address_protection_ended_whole",
                condition=Q(ended_on=None, end_evidence="", ended_by=None)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_evidence="")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_program_display()

    @property
    def subject(self) -> str:
        return f"address-protection:{self.pk}"


class Identity(models.Model):
    """An identity number, sealed; its last four characters are shown, its digest finds it again."""

    class Kind(models.TextChoices):
        SSN = "ssn", "Social Security number"
        EIN = "ein", "Employer identification number"
        LICENSE = "license", "Driver's license"

    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    sealed = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    last_four = models.CharField(max_length=4)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="identity_once", fields=["person", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ending {self.last_four}"


class Consent(models.Model):
    """What was said about calling or texting a number for a purpose; the newest row holds. Append-only.

    The number stands only as its keyed digest. Quiet hours are local times between which nothing is sent.
    """

    digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Purpose])
    given = models.BooleanField()
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    how = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Said])
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest", "purpose", "-id"], name="consent_of_number")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {'given' if self.given else 'withdrawn'}"
