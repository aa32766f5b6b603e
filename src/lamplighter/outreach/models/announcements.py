"""Announcements of work and changes, their words, whom they were told to, and what critical customers confirmed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User


class Announcement(models.Model):
    """Something that customers are told ahead: work on their power, on trees, or a change from a day on.

    `whom` is a feeder with account numbers beside it ({"feeder": "Dock 102", "accounts": ["204518-7"]}), or a manager's
    portfolio. One that `follows` another tells the same people that it moved or is cancelled.
    """

    class Kind(models.TextChoices):
        OUTAGE = "outage", "Planned outage"
        TREES = "trees", "Trees near the line"
        BILL = "bill", "Bill or rate change"
        PROGRAM = "program", "Program change"

    class News(models.TextChoices):
        PLANNED = "planned", "First notice"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"

    class Reason(models.TextChoices):
        POLE = "pole", "A pole is replaced"
        TRANSFORMER = "transformer", "A transformer is replaced"
        CABLE = "cable", "A cable is replaced"
        SWITCH = "switch", "A switch is tested"
        TRIM = "trim", "Trees are trimmed"
        REMOVE = "remove", "A tree is taken out"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    news = models.CharField(max_length=9, choices=News.choices, default=News.PLANNED)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    title = models.CharField(max_length=80)
    whom = models.JSONField()
    homes = models.BooleanField(default=False)
    day = models.DateField()
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    contact = models.ForeignKey(User, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=30)
    planned_at = models.DateTimeField()
    planned_by = ActorField()
    sent_at = models.DateTimeField(null=True)
    sent_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="announcement_follows_unless_planned",
                condition=Q(news="planned", follows__isnull=True) | (~Q(news="planned") & Q(follows__isnull=False)),
            ),
            models.CheckConstraint(
                name="planned_outage_has_hours",
                condition=~Q(kind="outage") | Q(begins__isnull=False, ends__isnull=False, ends__gt=F("begins")),
            ),
            models.CheckConstraint(
                name="announcement_sent_by_a_second_person",
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | (Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(sent_by=F("planned_by"))),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-day"], name="announcement_of_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return f"AN-{self.pk}"

    @property
    def subject(self) -> str:
        return f"announcement:{self.pk}"


class AnnouncementWords(models.Model):
    """What a change of bills or programs says in one language; work needs none, its reasons stand in the templates."""

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="words")
    language = models.CharField(max_length=7, choices=Person.Language.choices)
    about = models.CharField(max_length=80)
    words = models.CharField(max_length=1200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="announcement_words_once", fields=["announcement", "language"])
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.language}"


class Told(models.Model):
    """One person whom an announcement was told, for which account, and as what. Append-only."""

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="told")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    part = models.CharField(max_length=30)
    critical = models.CharField(max_length=40, blank=True)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="told_once", fields=["announcement", "person", "account"])
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} to {self.person_id}"


class Confirmation(models.Model):
    """Who at a critical customer confirmed an announcement, how and when, as somebody noted it. Append-only."""

    class How(models.TextChoices):
        CALL = "call", "On the phone"
        VISIT = "visit", "In person"
        EMAIL = "email", "By email"

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="confirmations")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    who = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    how = models.CharField(max_length=5, choices=How.choices)
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="confirmed_once", fields=["announcement", "account"])]

    def __str__(self) -> str:
        return f"{self.announcement_id} by {self.account_id}"
