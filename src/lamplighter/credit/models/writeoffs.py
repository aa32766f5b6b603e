"""Debts that were written off, by the codes that they came from; collection agencies, what they were told and paid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.ledger.models import Code, Entry
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import StoredFile


class WriteOff(models.Model):
    """What an account that has no service any more owed is no revenue any more; it is still owed, on its own agreement.

    Append-only: money that comes later is a recovery, and never changes what was written off.
    """

    class Reason(models.TextChoices):
        UNCOLLECTIBLE = "uncollectible", "Could not be collected"
        SMALL = "small", "Too small to collect"
        DISCHARGED = "discharged", "Discharged in bankruptcy"
        DECEASED = "deceased", "The customer died, no estate"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="write_offs")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="write_off")
    amount = MoneyField()
    reason = models.CharField(max_length=14, choices=Reason.choices)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    written_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="write_off_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} on {self.written_on}"

    @property
    def subject(self) -> str:
        return f"write-off:{self.pk}"


class WrittenOffPart(models.Model):
    """A part of it: which agreement owed it since when, and the code that had been credited. Append-only."""

    write_off = models.ForeignKey(WriteOff, models.PROTECT, related_name="parts")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    owed_on = models.DateField()
    code = models.ForeignKey(Code, models.PROTECT, related_name="+")
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="written_off_part_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.code_id} {self.amount}"


class Recovery(models.Model):
    """Money came after the write-off (or, negative, was returned): the codes have it back. Append-only."""

    id = models.BigAutoField(primary_key=True)
    write_off = models.ForeignKey(WriteOff, models.PROTECT, related_name="recoveries")
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recovered_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.amount} on {self.recovered_on}"


class Agency(models.Model):
    """A collection agency and its fee, in percent of what it recovers."""

    key = models.SlugField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    fee_percent = models.DecimalField(max_digits=5, decimal_places=2)
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Referral(models.Model):
    """A written-off debt is with an agency until it is recalled, paid or given back."""

    class Outcome(models.TextChoices):
        RECALLED = "recalled", "Recalled"
        PAID = "paid", "Paid"
        RETURNED = "returned", "Given back"

    id = models.BigAutoField(primary_key=True)
    write_off = models.ForeignKey(WriteOff, models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="referrals")
    amount = MoneyField()
    referred_on = models.DateField()
    referred_at = models.DateTimeField()
    referred_by = ActorField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="with_one_agency_at_a_time", fields=["write_off"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="referral_ended_whole",
                condition=Q(ended_on__isnull=True, outcome="", ended_by__isnull=True)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} with {self.agency_id}"

    @property
    def subject(self) -> str:
        return f"referral:{self.pk}"


class AgencyNews(models.Model):
    """What an agency is to be told of a debt: placed, paid to us, recalled. Append-only; a file carries each once."""

    class What(models.TextChoices):
        PLACED = "placed", "Placed"
        PAID = "paid", "Paid to us"
        RETURNED = "returned", "A payment was returned"
        RECALLED = "recalled", "Recalled"

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="news")
    what = models.CharField(max_length=8, choices=What.choices)
    amount = MoneyField()
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.amount}"


class AgencyFile(models.Model):
    """A file to an agency (news up to `upto`), or one from it. Append-only."""

    class Kind(models.TextChoices):
        SENT = "sent", "To the agency"
        RECEIVED = "received", "From the agency"

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    records = models.PositiveIntegerField()
    total = MoneyField()
    upto = models.BigIntegerField(null=True)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="agency_file_once", fields=["agency", "kind", "file"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_on}"


class AgencyPayment(models.Model):
    """What an agency collected, its fee, and the payment that it became; known by its reference. Append-only."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="payments")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="payments")
    file = models.ForeignKey(AgencyFile, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=40)
    amount = MoneyField()
    fee = MoneyField()
    paid_on = models.DateField()
    event = models.OneToOneField(PaymentEvent, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="agency_payment_once", fields=["agency", "reference"]),
            models.CheckConstraint(name="agency_payment_positive", condition=Q(amount__gt=0) & Q(fee__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.reference}"
