"""Accounts, who stands on them in which role, service agreements, their points, rates and facts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from lamplighter.accounts.types import TYPES, AgreementKind, AgreementType
from lamplighter.customers.models import Person
from lamplighter.ledger.models import Subledger
from lamplighter.platform.columns import ActorField, PeriodField, digits_of
from lamplighter.premises.models import Premise, ServicePoint
from lamplighter.tariffs.models import Schedule


class Cycle(models.Model):
    """A bill cycle: the accounts that are read and billed together."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """Who pays: one bill for all of its agreements."""

    class CustomerClass(models.TextChoices):
        RESIDENTIAL = "residential", "Residential"
        COMMERCIAL = "commercial", "Commercial"
        INDUSTRIAL = "industrial", "Industrial"
        GOVERNMENT = "government", "Government"
        LIGHTING = "lighting", "Lighting"

    class Dispatch(models.TextChoices):
        PAPER = "paper", "Paper"
        EMAIL = "email", "Email"
        BOTH = "both", "Paper and email"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    old_number = models.CharField(max_length=40, blank=True, db_index=True)
    customer_class = models.CharField(max_length=12, choices=CustomerClass.choices)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="accounts")
    dispatch = models.CharField(max_length=6, choices=Dispatch.choices, default=Dispatch.PAPER)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(digits_of("number"), name="account_number_digits"),
            models.Index(digits_of("old_number"), name="account_old_number_digits", condition=~Q(old_number="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"account:{self.number}"


class AccountWords(models.Model):
    """By which words an account is found: the names, addresses, telephones, emails and numbers that it has or had, in
    capitals, a line each. The database keeps it, by triggers on where they stand."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    words = models.TextField()

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass("words", name="gin_trgm_ops"), name="account_words_trigrams")]

    def __str__(self) -> str:
        return f"words of account {self.account_id}"


class AccountRole(models.Model):
    """A person on an account for a period. One main customer at a time."""

    class Role(models.TextChoices):
        MAIN = "main", "Customer"
        CO_APPLICANT = "co-applicant", "Co-applicant"
        GUARANTOR = "guarantor", "Guarantor"
        THIRD_PARTY = "third-party", "Third-party notice"
        AUTHORIZED = "authorized", "Authorized to speak"
        LANDLORD = "landlord", "Landlord"

    account = models.ForeignKey(Account, models.PROTECT, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, related_name="account_roles")
    role = models.CharField(max_length=14, choices=Role.choices)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_main_customer_at_a_time",
                expressions=[("account", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(role="main"),
            ),
            ExclusionConstraint(
                name="role_on_account_once",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.account_id}"


class Agreement(models.Model):
    """A service agreement: the contract for one service, or for one kind of money. It owns one balance.

    `period` is its service days: open while it runs, ended exclusively at the stop. `cancelled_at`: it never was.
    `closed_on`: from then on no day of it is billed, such as of service that another system billed to its end.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=16, choices=[(t.kind.value, t.label) for t in TYPES.values()])
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="agreements")
    subledger = models.OneToOneField(Subledger, models.PROTECT, related_name="agreement")
    period = PeriodField()
    closed_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    started_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="service_has_a_premise",
                condition=~Q(kind__in=[t.kind.value for t in TYPES.values() if t.at_premise])
                | Q(premise__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id} {self.period}"

    @property
    def type(self) -> AgreementType:
        return TYPES[AgreementKind(self.kind)]

    @property
    def subject(self) -> str:
        return f"agreement:{self.pk}"


class StandingAgreement(models.Model):
    """A landlord's standing agreement: when nobody has service at a point, it goes to this account, on this rate."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="standing_agreements")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="standing_agreements")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    period = PeriodField()
    evidence = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_landlord_at_a_time",
                expressions=[("point", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id} to {self.account_id}"


class AgreementPoint(models.Model):
    """A service point that feeds an agreement for a period, and whether its use is added or subtracted.

    At any time one agreement at most buys the power of a point (`buys`); the others only look or subtract.
    """

    class Use(models.TextChoices):
        ADD = "add", "Added"
        SUBTRACT = "subtract", "Subtracted"
        IGNORE = "ignore", "Not billed"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="points")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="agreements")
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.ADD)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_buyer_of_a_point_at_a_time",
                expressions=[("point", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(use="add"),
            ),
            ExclusionConstraint(
                name="point_of_agreement_once",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("point", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.use} {self.period}"


class SharePlan(models.Model):
    """How what a service point sends back is shared out from a day on, until the point's next plan; without shares: no
    more. Of two plans of one day the one recorded last counts. Plans are never altered."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="share_plans")
    since = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        ordering: ClassVar = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.point_id} from {self.since}"


class Share(models.Model):
    """So many percent of what the point sends back count as though this agreement had sent it. The shares of a plan are
    written by one statement and add up to 100."""

    plan = models.ForeignKey(SharePlan, models.PROTECT, related_name="shares")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "agreement"], name="agreement_once_in_a_share_plan"),
            models.CheckConstraint(condition=Q(percent__gt=0), name="a_share_is_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% of {self.plan}"


class AgreementRate(models.Model):
    """The schedule that an agreement is billed on, for a period: one at a time, and the riders beside it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rates")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    rider = models.BooleanField(default=False)
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_rate_at_a_time",
                expressions=[("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(rider=False),
            ),
            ExclusionConstraint(
                name="rider_once",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("schedule", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.period}"


class AgreementFact(models.Model):
    """A fact about an agreement for a period that a tariff asks for: a discount, an exemption, contract kW."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    period = PeriodField()
    evidence = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_fact_at_a_time",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
