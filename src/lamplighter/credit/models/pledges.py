"""Agencies that help customers pay, who may speak for them, what they pledged, and what they remitted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.accounts.models import Account
from lamplighter.ledger.models import Entry
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import StoredFile


class AssistanceAgency(models.Model):
    """Somebody who pays for others: a community action agency, a church, a county. `runs_days` is how long its pledges
    count before it has remitted."""

    key = models.SlugField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    runs_days = models.SmallIntegerField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="pledges_run_some_days", condition=Q(runs_days__gt=0))]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"assistance-agency:{self.pk}"


class AgencyWorker(models.Model):
    """Who may pledge for an agency by telephone, until it says that they do not any more."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(AssistanceAgency, models.PROTECT, related_name="workers")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    since = models.DateField()
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """An agency's word that it will pay so much for an account. It counts against the debt at once and is no money: it
    ends when the money comes, when it does not come in time, or when the agency takes it back. `entry` paid it where
    the money was in our own books."""

    class Outcome(models.TextChoices):
        SETTLED = "settled", "Paid"
        EXPIRED = "expired", "Not paid in time"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="pledges")
    agency = models.ForeignKey(AssistanceAgency, models.PROTECT, related_name="pledges")
    worker = models.ForeignKey(AgencyWorker, models.PROTECT, related_name="pledges")
    reference = models.CharField(max_length=40)
    amount = MoneyField()
    pledged_on = models.DateField()
    expires_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="pledge_once_by_its_reference", fields=["agency", "reference"]),
            models.CheckConstraint(name="pledge_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pledge_runs_forward", condition=Q(expires_on__gte=F("pledged_on"))),
            models.CheckConstraint(
                name="pledge_ended_with_an_outcome",
                condition=Q(ended_on__isnull=True, ended_by__isnull=True, outcome="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account"], name="pledge_open", condition=Q(ended_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.agency_id}"

    @property
    def subject(self) -> str:
        return f"pledge:{self.pk}"


class AssistanceCheck(models.Model):
    """One check or transfer by which an agency pays several pledges. `reference` is its number. Append-only."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(AssistanceAgency, models.PROTECT, related_name="checks")
    reference = models.CharField(max_length=40)
    amount = MoneyField()
    received_on = models.DateField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="assistance_check_once", fields=["agency", "reference"]),
            models.CheckConstraint(name="assistance_check_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.reference}"


class AssistanceCheckLine(models.Model):
    """What a check says of one pledge: `said_reference` and `said_account` are its words. It waits until it is put
    to an account by a payment; `pledge` is the one that it settled, if any."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(AssistanceCheck, models.PROTECT, related_name="lines")
    place = models.SmallIntegerField()
    said_reference = models.CharField(max_length=40)
    said_account = models.CharField(max_length=20)
    amount = MoneyField()
    pledge = models.OneToOneField(Pledge, models.PROTECT, null=True, related_name="line")
    event = models.OneToOneField(PaymentEvent, models.PROTECT, null=True, related_name="+")
    settled_on = models.DateField(null=True)
    settled_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="assistance_line_once", fields=["of", "place"]),
            models.CheckConstraint(name="assistance_line_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="assistance_line_settled_by_a_payment",
                condition=Q(event__isnull=True, pledge__isnull=True, settled_on__isnull=True, settled_by__isnull=True)
                | Q(event__isnull=False, settled_on__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_reference} {self.amount}"

    @property
    def subject(self) -> str:
        return f"assistance-line:{self.pk}"
