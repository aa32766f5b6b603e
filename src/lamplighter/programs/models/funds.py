"""Funds that grants are paid from, who gives to them, what they granted, and every movement of their money."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.ledger.models import Code, Entry
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.platform.models import StoredFile
from lamplighter.programs.rules.giving import Way


class AssistanceFund(models.Model):
    """Money that is held to help households with their bills. `code` is the liability in the books that holds it."""

    key = models.SlugField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    code = models.OneToOneField(Code, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"fund:{self.key}"


class FundTerms(models.Model):
    """By which rules grants of these days are given: at most `cap` to a household in twelve months; whoever has one of
    `programs` needs no paper, others an agency's certificate within `papers_days`."""

    fund = models.ForeignKey(AssistanceFund, models.PROTECT, related_name="terms")
    period = PeriodField()
    cap = MoneyField()
    programs = ArrayField(models.CharField(max_length=30))
    papers_days = models.PositiveSmallIntegerField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_terms_of_a_fund_at_a_time",
                expressions=[("fund", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="fund_terms_allow_something", condition=Q(cap__gt=0, papers_days__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.period}"


class Gift(models.Model):
    """A customer gives to a fund, on an agreement of the donation type, until they stop. What is asked for and not paid
    is no debt. One runs on an account at a time; ended by the program itself once a single gift was asked for."""

    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey(AssistanceFund, models.PROTECT, related_name="gifts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="gifts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="gifts")
    way = models.CharField(max_length=8, choices=[(each.value, each.label) for each in Way])
    amount = MoneyField()
    period = PeriodField()
    begun_at = models.DateTimeField()
    begun_by = ActorField()
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_gift_runs", fields=["account"], condition=Q(period__endswith__isnull=True)
            ),
            models.CheckConstraint(
                name="gift_says_how_much",
                condition=Q(way="round-up", amount=0) | (~Q(way="round-up") & Q(amount__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.amount}"

    @property
    def subject(self) -> str:
        return f"gift:{self.pk}"


class Grant(models.Model):
    """Money of a fund for what a household owes. Waiting, it is reserved and counts as a pledge; given, it is
    posted."""

    class Basis(models.TextChoices):
        ENROLLED = "enrolled", "They have a program that opens the fund"
        AGENCY = "agency", "An agency's certificate"

    class State(models.TextChoices):
        WAITS = "waits", "Waits"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "Papers did not come"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    fund = models.ForeignKey(AssistanceFund, models.PROTECT, related_name="grants")
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    amount = MoneyField()
    basis = models.CharField(max_length=8, choices=Basis.choices)
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    papers_by = models.DateField(null=True)
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    state = models.CharField(max_length=9, choices=State.choices)
    ended_on = models.DateField(null=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="grant_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="one_grant_waits", fields=["account"], condition=Q(state="waits")),
            models.CheckConstraint(
                name="grant_of_an_agency_has_its_paper", condition=~Q(state="given", basis="agency", paper__isnull=True)
            ),
            models.CheckConstraint(
                name="grant_ended_by_someone",
                condition=Q(state="waits", ended_on__isnull=True, ended_by__isnull=True)
                | (~Q(state="waits") & Q(ended_on__isnull=False, ended_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"grant:{self.number}"

    @property
    def waits_for(self) -> str:
        """What a waiting one waits for."""
        if self.state != Grant.State.WAITS:
            return ""
        paper = self.basis == Grant.Basis.AGENCY and self.paper_id is None
        return "the agency's certificate" if paper else "a second person"


class FundMove(models.Model):
    """Money that came into a fund (positive) or left it, with its posting. Append-only: the fund's own book."""

    class Kind(models.TextChoices):
        GIFT = "gift", "Given by a customer"
        RETURNED = "returned", "Gift returned by the bank"
        UTILITY = "utility", "Put in by the utility"
        GRANT = "grant", "Granted"

    id = models.BigAutoField(primary_key=True)
    fund = models.ForeignKey(AssistanceFund, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="moves")
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="fund_move_has_its_sign",
                condition=Q(kind__in=("gift", "utility"), amount__gt=0)
                | Q(kind__in=("returned", "grant"), amount__lt=0),
            ),
            models.CheckConstraint(name="fund_move_of_a_grant", condition=Q(kind="grant", grant__isnull=False)
                                   | (~Q(kind="grant") & Q(grant__isnull=True))),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["fund", "on"], name="fund_book")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
