"""Campaigns, their words by language, whom they wrote to, and what those replied."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models import Gathering
from lamplighter.notices.models import Notice
from lamplighter.outreach.models.leads import Topic
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User
from lamplighter.programs.models import Program


class Campaign(models.Model):
    """An offer to a segment. `segment` is as `rules.segments` keeps it; what it leads to is a program or an event."""

    class By(models.TextChoices):
        EMAIL_OR_LETTER = "either", "Email, or a letter where there is none"
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"
        TEXT = "text", "Text message"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    segment = models.JSONField()
    by_way_of = models.CharField(max_length=6, choices=By.choices)
    topic = models.CharField(max_length=8, choices=Topic.choices)
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="campaigns")
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, related_name="campaigns")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    planned_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="campaign_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"campaign:{self.slug}"


class CampaignWords(models.Model):
    """What a campaign says in one language: a subject and one paragraph."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="words")
    language = models.CharField(max_length=7, choices=Person.Language.choices)
    about = models.CharField(max_length=80)
    words = models.CharField(max_length=1200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="campaign_words_once", fields=["campaign", "language"])]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.language}"


class Target(models.Model):
    """One person whom a campaign wrote to, and why they were meant. Append-only: nobody is written to twice, neither
    as a person nor at one address (`digest`)."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    written_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="target_once", fields=["campaign", "person"]),
            models.UniqueConstraint(name="target_address_once", fields=["campaign", "digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} to {self.person_id}"


class Reply(models.Model):
    """What somebody said to a campaign, and by which way. Append-only."""

    class Said(models.TextChoices):
        YES = "yes", "Interested"
        NO = "no", "Not now"
        STOP = "stop", "No more offers"

    class How(models.TextChoices):
        LINK = "link", "By the link"
        CALL = "call", "On the phone"
        EMAIL = "email", "By email"
        VISIT = "visit", "In person"

    target = models.ForeignKey(Target, models.PROTECT, related_name="replies")
    said = models.CharField(max_length=4, choices=Said.choices)
    how = models.CharField(max_length=5, choices=How.choices)
    words = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="reply_once", fields=["target", "said"])]

    def __str__(self) -> str:
        return f"{self.target_id} {self.said}"
