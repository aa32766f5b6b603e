"""Surveys with their words by language, who was asked, and their one answer each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, User


class Survey(models.Model):
    """What we ask, and when: of who spoke with us (`after`), or of a segment, once a year by somebody's act."""

    class When(models.TextChoices):
        AFTER = "after", "After a contact"
        YEARLY = "yearly", "Once a year"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    when = models.CharField(max_length=6, choices=When.choices)
    segment = models.JSONField(default=dict)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="survey_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="yearly_survey_has_a_segment",
                condition=Q(when="after", segment={}) | (Q(when="yearly") & ~Q(segment={})),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"survey:{self.slug}"


class SurveyWording(models.Model):
    """A survey in one language: a sentence before it, and its questions as lines. The number and kinds of questions
    are the same in every language."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=7, choices=Person.Language.choices)
    intro = models.CharField(max_length=300)
    questions = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="survey_wording_once", fields=["survey", "language"])]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.language}"


class Invitation(models.Model):
    """Somebody was asked: by an email with a link (`notice`), or on the phone. `source` names what for, so that it is
    once: a contact, a touch, a year. Append-only."""

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="invitations")
    source = models.CharField(max_length=60)
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    invited_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="invited_once", fields=["survey", "source"])]
        indexes: ClassVar = [models.Index(fields=["person", "-invited_at"], name="invitation_of_person")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.source}"


class SurveyAnswer(models.Model):
    """The one answer of an invitation: `ratings`, 1 to 5, by the question's number; what they wrote. Append-only."""

    class How(models.TextChoices):
        LINK = "link", "By the link"
        PHONE = "phone", "On the phone"

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="answer")
    how = models.CharField(max_length=5, choices=How.choices)
    ratings = models.JSONField()
    words = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    calls_back = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    answered_by = ActorField()

    def __str__(self) -> str:
        return f"answer of {self.invitation_id}"
