"""Texts with their versions, adoptions and reviews, and the changes of figures that come with a version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User


class Text(models.Model):
    """A policy or an article: who keeps it, and what it is about. `review_on` is empty until it is in force."""

    class Kind(models.TextChoices):
        POLICY = "policy", "Policy"
        ARTICLE = "article", "Article"

    class About(models.TextChoices):
        BILLING = "billing", "Bills and rates"
        CREDIT = "credit", "Credit and shut-off"
        SERVICE = "service", "Starting and stopping service"
        CASH = "cash", "Payments and cash"
        PROGRAMS = "programs", "Programs and rebates"
        KEY = "key", "Business and key accounts"
        OUTAGES = "outages", "Outages and the network"
        CONDUCT = "conduct", "How we work"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    title = models.CharField(max_length=80)
    about = models.CharField(max_length=8, choices=About.choices)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    review_on = models.DateField(null=True)
    begun_at = models.DateTimeField()
    begun_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["review_on"], name="text_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"text:{self.slug}"


class Version(models.Model):
    """The words of a text as somebody drafted them, in Markdown. Append-only: to correct them, draft again.

    `citation` is the board's resolution; `governs` are keys of the parameters that the words are about.
    """

    id = models.BigAutoField(primary_key=True)
    text = models.ForeignKey(Text, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    words = models.TextField()
    why = models.CharField(max_length=200)
    citation = models.CharField(max_length=120, blank=True)
    governs = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="text_version_once", fields=["text", "number"])]

    def __str__(self) -> str:
        return f"{self.text.title}, version {self.number}"

    @property
    def subject(self) -> str:
        return f"text-version:{self.pk}"


class Change(models.Model):
    """Figures of a parameter that become others with a version: `figures` by name, as they are typed; `before` as they
    stood when the change was written. Settled with its version's adoption."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="changes")
    parameter = models.CharField(max_length=80)
    figures = models.JSONField()
    before = models.JSONField()
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="change_of_parameter_once", fields=["version", "parameter"])
        ]

    def __str__(self) -> str:
        return f"{self.parameter} with {self.version_id}"


class Adoption(models.Model):
    """A version in force from a day on, until the next of its text. Append-only."""

    text = models.ForeignKey(Text, models.PROTECT, related_name="adoptions")
    version = models.OneToOneField(Version, models.PROTECT, related_name="adoption")
    since = models.DateField()
    proposed_by = ActorField()
    adopted_at = models.DateTimeField()
    adopted_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="text_adopted_once_a_day", fields=["text", "since"]),
            models.CheckConstraint(
                name="text_adopted_by_a_second_person", condition=~Q(adopted_by=models.F("proposed_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} since {self.since}"


class Review(models.Model):
    """Somebody read a text and found that it still holds. Append-only."""

    text = models.ForeignKey(Text, models.PROTECT, related_name="reviews")
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    next_on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.text_id} reviewed, next {self.next_on}"
