"""What was said, what comes next, what was promised: touches with photos, steps, issues, and events."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models.developments import Development
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark, StoredFile, User


class Gathering(models.Model):
    """An event of the trade or the town at which the utility was or will be."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    day = models.DateField()
    place = models.CharField(max_length=80)
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="gatherings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_by = ActorField()

    def __str__(self) -> str:
        return self.name


class Issue(models.Model):
    """Something that a customer needs settled: an owner and a promised day until it is closed with an outcome.

    It is an organisation's, an account's, or both. `handed_by` is the representative who handed it over.
    """

    class About(models.TextChoices):
        BILLING = "billing", "Bill or rate"
        OUTAGE = "outage", "Outage"
        QUALITY = "quality", "Power quality"
        PROJECT = "project", "Project or service"
        COMPLAINT = "complaint", "Complaint"
        OTHER = "other", "Something else"

    class Outcome(models.TextChoices):
        SOLVED = "solved", "Solved"
        ANSWERED = "answered", "Explained; nothing to change"
        REFUSED = "refused", "Can't be done"
        RETURNED = "returned", "Given back with advice"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="issues")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="issues")
    about = models.CharField(max_length=9, choices=About.choices)
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    promised_on = models.DateField()
    first_promised_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = ActorField()
    handed_by = ActorField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = ActorField(null=True)
    outcome = models.CharField(max_length=8, blank=True, choices=Outcome.choices)
    closing = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="issue_of_somebody", condition=Q(organisation__isnull=False) | Q(account__isnull=False)
            ),
            models.CheckConstraint(
                name="issue_closed_with_an_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["promised_on"], name="issue_open", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"issue:{self.number}"


class Touch(models.Model):
    """One call, visit, meeting or email, as it was noted, once by its draft's own id. Append-only."""

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        EMAIL = "email", "Email"
        VISIT = "visit", "Visit"
        MEETING = "meeting", "Meeting"
        TALK = "talk", "Presentation"
        EVENT = "event", "Event"

    id = models.BigAutoField(primary_key=True)
    draft = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="touches")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="touches")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="touches")
    gathering = models.ForeignKey(Gathering, models.PROTECT, null=True, related_name="touches")
    development = models.ForeignKey(Development, models.PROTECT, null=True, related_name="touches")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="touch_of_somebody",
                condition=Q(organisation__isnull=False) | Q(account__isnull=False) | Q(gathering__isnull=False),
            ),
            models.CheckConstraint(name="touch_has_been", condition=Q(at__lte=F("received_at"))),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"], name="touch_of_organisation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class TouchPhoto(models.Model):
    """A picture of a visit, in the file store. Append-only."""

    touch = models.ForeignKey(Touch, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="touch_photo_once", fields=["touch", "file"])]

    def __str__(self) -> str:
        return self.file_id


class Step(models.Model):
    """What is to be done next for an organisation, an account, an issue, or one person: by whom, by which day."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="steps")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="steps")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="steps")
    touch = models.ForeignKey(Touch, models.PROTECT, null=True, related_name="steps")
    goal = models.ForeignKey("keyaccounts.Goal", models.PROTECT, null=True, related_name="steps")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="steps")
    development = models.ForeignKey(Development, models.PROTECT, null=True, related_name="steps")
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    due_on = models.DateField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="step_of_somebody",
                condition=Q(organisation__isnull=False) | Q(account__isnull=False) | Q(person__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "due_on"], name="step_due", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"step due {self.due_on}"
