"""Organisations, who looks after them, the people in them, and where the utility itself is a member."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.customers.models import Person
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import Remark, User


class Organisation(models.Model):
    """An organisation that managers deal with; its name and how it is reached stand on its person.

    `community` is how much the town depends on it, 0 to 3, as the managers agreed; `business_code` its NAICS code,
    by which others of the same business are found.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        AGENCY = "agency", "Agency"
        ASSOCIATION = "association", "Association"
        DEVELOPER = "developer", "Developer"
        CONTRACTOR = "contractor", "Contractor"
        COMMUNITY = "community", "Community group"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="organisation")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    segment = models.CharField(max_length=40, blank=True)
    business_code = models.CharField(max_length=6, blank=True)
    community = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="community_of_three", condition=Q(community__lte=3))]

    def __str__(self) -> str:
        return self.person.name

    @property
    def subject(self) -> str:
        return f"organisation:{self.slug}"


class Assignment(models.Model):
    """A manager of an organisation for a period: one leads at a time, others cover."""

    class Part(models.TextChoices):
        LEAD = "lead", "Manager"
        COVER = "cover", "Cover"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    part = models.CharField(max_length=5, choices=Part.choices)
    period = PeriodField()
    assigned_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_lead_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(part="lead"),
            ),
            ExclusionConstraint(
                name="manager_of_organisation_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.part} of {self.organisation_id}"


class Tie(models.Model):
    """A person's part in an organisation for a period."""

    class Part(models.TextChoices):
        DECIDES = "decides", "Decision maker"
        FACILITY = "facility", "Facility"
        OUTAGE = "outage", "24-hour outage contact"
        BILLING = "billing", "Billing"
        TECHNICAL = "technical", "Technical"
        MEMBER = "member", "Member or staff"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ties")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ties")
    part = models.CharField(max_length=9, choices=Part.choices)
    title = models.CharField(max_length=60, blank=True)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="tie_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("part", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.part} of {self.organisation_id}"


class Membership(models.Model):
    """Where the utility is a member: in which association, who stands for it, until when it is paid."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    renew_on = models.DateField()
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="membership_once",
                expressions=[("organisation", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"member of {self.organisation_id} {self.period}"
