"""Places at events, people who may want something, and material that somebody asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models import Gathering, Organisation, Step
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User


class Topic(models.TextChoices):
    """What somebody may want of us."""

    RATE = "rate", "Another rate"
    KITCHEN = "kitchen", "Electric kitchen"
    HEAT = "heat", "Heat pumps"
    VEHICLES = "vehicles", "Vehicles and charging"
    SOLAR = "solar", "Solar or battery"
    SAVING = "saving", "Saving energy"
    PROGRAM = "program", "A program"
    OTHER = "other", "Something else"


class SignUp(models.Model):
    """A person's place at an event, and whether they came."""

    id = models.BigAutoField(primary_key=True)
    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="sign_ups")
    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_ups")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="sign_ups")
    of = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField()
    signed_by = ActorField()
    attended_at = models.DateTimeField(null=True)
    attended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="signed_up_once", fields=["gathering", "person"]),
            models.CheckConstraint(
                name="attendance_noted_by_someone",
                condition=Q(attended_at__isnull=True, attended_by__isnull=True)
                | Q(attended_at__isnull=False, attended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.gathering_id}"


class Lead(models.Model):
    """Somebody who may want something: open until it is known what came of it, one open lead a person and topic.

    `step` is the follow-up that its owner owes them.
    """

    class Outcome(models.TextChoices):
        WON = "won", "Went ahead"
        LATER = "later", "Later, perhaps"
        LOST = "lost", "Not interested"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="leads")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="leads")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="leads")
    topic = models.CharField(max_length=8, choices=Topic.choices)
    words = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, related_name="leads")
    campaign = models.ForeignKey("outreach.Campaign", models.PROTECT, null=True, related_name="leads")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    step = models.OneToOneField(Step, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = ActorField()
    outcome = models.CharField(max_length=5, choices=Outcome.choices, blank=True)
    closing = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_lead_of_a_topic", fields=["person", "topic"], condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="lead_closed_with_an_outcome",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.person}"

    @property
    def subject(self) -> str:
        return f"lead:{self.pk}"


class MaterialRequest(models.Model):
    """Brochures, slides or give-aways that somebody asked for: by which day, until they were sent or refused."""

    class Answer(models.TextChoices):
        SENT = "sent", "Sent"
        REFUSED = "refused", "Can't be had"

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=80)
    copies = models.PositiveIntegerField()
    language = models.CharField(max_length=7, choices=Person.Language.choices)
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, related_name="material")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="material")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="material")
    needed_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    answer = models.CharField(max_length=7, choices=Answer.choices, blank=True)
    how = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="material_for_one",
                condition=Q(gathering__isnull=False, organisation__isnull=True, lead__isnull=True)
                | Q(gathering__isnull=True, organisation__isnull=False, lead__isnull=True)
                | Q(gathering__isnull=True, organisation__isnull=True, lead__isnull=False),
            ),
            models.CheckConstraint(name="material_is_something", condition=Q(copies__gt=0)),
            models.CheckConstraint(
                name="material_answered_by_someone",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.copies} {self.title}"
