"""Money that goes back to customers, and what became of it step by step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.ledger.models import Entry
from lamplighter.platform.columns import ActorField, MoneyField


class Refund(models.Model):
    """Money of an account's customer that is paid out, by check or to a bank account: a credit that left the account's
    balance, or what a program of the utility pays. `payee` is somebody else to whom the customer assigned it."""

    class Method(models.TextChoices):
        CHECK = "check", "Check"
        ACH = "ach", "To a bank account"
        VOUCHER = "voucher", "By accounts payable"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="refunds")
    amount = MoneyField()
    method = models.CharField(max_length=7, choices=Method.choices)
    payee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    made_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="refund_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"RF-{self.number}"

    @property
    def subject(self) -> str:
        return f"refund:{self.number}"


class RefundBank(models.Model):
    """Where an ACH refund goes: routing and account number, sealed; `last_four` is shown."""

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="bank")
    sealed = models.TextField()
    last_four = models.CharField(max_length=4)
    savings = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"…{self.last_four}"


class RefundStep(models.Model):
    """What became of a refund. Append-only; the newest step is where it stands."""

    class Act(models.TextChoices):
        WRITTEN = "written", "Check written"
        SENT = "sent", "Sent to the bank"
        CLEARED = "cleared", "Paid by the bank"
        VOIDED = "voided", "Check voided"
        STALE = "stale", "Unclaimed"
        CLAIMED = "claimed", "Asked for by its owner"
        TAKEN = "taken", "Taken over, unclaimed"
        BACK = "back", "Back on the account"
        RETURNED = "returned", "Returned by the bank"
        HANDED = "handed", "With accounts payable"
        PAID = "paid", "Paid by accounts payable"
        REFUSED = "refused", "Refused by accounts payable"

    id = models.BigAutoField(primary_key=True)
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=8, choices=Act.choices)
    on = models.DateField()
    check_number = models.BigIntegerField(null=True)
    trace = models.CharField(max_length=15, blank=True)
    file = models.CharField(max_length=64, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="check_written_once", fields=["check_number"], condition=Q(act="written")),
            models.UniqueConstraint(
                name="refund_ends_once", fields=["refund"], condition=Q(act__in=["cleared", "back", "taken"])
            ),
            models.UniqueConstraint(name="voucher_paid_once", fields=["refund"], condition=Q(act="paid")),
            models.CheckConstraint(
                name="written_check_has_a_number", condition=~Q(act="written") | Q(check_number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.act}"


class RefundWay(models.Model):
    """Who pays refunds that are made from a day on. Append-only; of two rows for a day the newer one holds."""

    class Way(models.TextChoices):
        BANK = "bank", "By us, from our bank account"
        PAYABLES = "payables", "By the city's accounts payable"

    id = models.BigAutoField(primary_key=True)
    way = models.CharField(max_length=8, choices=Way.choices)
    starts_on = models.DateField()
    citation = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.get_way_display()} from {self.starts_on}"
