"""Tender sources and controls; payment events, tenders, payments and their segments; reversals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.ledger.models import Entry
from lamplighter.platform.columns import ActorField, MoneyField, digits_of


class TenderSource(models.Model):
    """Where tenders come in: a drawer, a lockbox, a pay station, a batch of autopay."""

    class Kind(models.TextChoices):
        DRAWER = "drawer", "Drawer"
        LOCKBOX = "lockbox", "Lockbox"
        PAY_STATION = "pay-station", "Pay station"
        ELECTRONIC = "electronic", "Electronic"

    key = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    opening_float = MoneyField(default=0)
    gl_code = models.CharField(max_length=40, default="cash-drawers")

    def __str__(self) -> str:
        return self.name


class TenderControl(models.Model):
    """One balancing period of one source: open, being balanced, balanced. A drawer has one that is not balanced; a
    source that takes payments by itself has one that is open, while earlier ones wait for their sender's total."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        BALANCING = "balancing", "Being balanced"
        BALANCED = "balanced", "Balanced"

    source = models.ForeignKey(TenderSource, models.PROTECT, related_name="controls")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opening_float = MoneyField()
    opened_by = ActorField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_control_a_source", fields=["source"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} since {self.opened_at:%Y-%m-%d %H:%M}"


class PaymentEvent(models.Model):
    """Something arrived: its tenders, and the payments that they are spread over."""

    id = models.BigAutoField(primary_key=True)
    receipt = models.CharField(max_length=20, unique=True)
    received_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        indexes: ClassVar = [
            models.Index(digits_of("receipt"), name="receipt_digits"),
            models.Index(fields=["received_on"], name="payments_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"R-{self.receipt}"

    @property
    def subject(self) -> str:
        return f"payment:{self.receipt}"


class Tender(models.Model):
    """One means of payment: what it is worth, and for cash what was handed over."""

    class Kind(models.TextChoices):
        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        MONEY_ORDER = "money-order", "Money order"
        CARD = "card", "Card"
        TRANSFER = "transfer", "Bank transfer"
        VOUCHER = "voucher", "Agency voucher"

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(PaymentEvent, models.PROTECT, related_name="tenders", db_constraint=False)
    control = models.ForeignKey(TenderControl, models.PROTECT, related_name="tenders", db_constraint=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = MoneyField()
    handed_over = MoneyField()
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="tender_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="change_from_cash_only",
                condition=Q(handed_over=F("amount")) | Q(kind="cash", handed_over__gt=F("amount")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Payment(models.Model):
    """The part of an event that one account receives."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(
        PaymentEvent, models.PROTECT, related_name="payments", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="payments", db_constraint=False)
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_payment_an_account", fields=["event", "account"]),
            models.CheckConstraint(name="payment_positive", condition=Q(amount__gt=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["amount"], name="payment_amount")]

    def __str__(self) -> str:
        return f"{self.amount} to {self.account_id}"


class PaymentSegment(models.Model):
    """The part of a payment that one agreement receives."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="segments", db_index=False, db_constraint=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="payment_segments", db_constraint=False)
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_segment_an_agreement", fields=["payment", "agreement"]),
            models.CheckConstraint(name="segment_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} to agreement {self.agreement_id}"


class Reversal(models.Model):
    """An event that was undone as a whole: voided in its drawer, returned by the bank, or wrongly entered."""

    class Reason(models.TextChoices):
        VOID = "void", "Voided"
        RETURNED = "returned", "Returned by the bank"
        WRONG_ACCOUNT = "wrong-account", "Paid to the wrong account"
        ENTRY_ERROR = "entry-error", "Entered wrongly"

    event = models.OneToOneField(PaymentEvent, models.PROTECT, related_name="reversal")
    reason = models.CharField(max_length=14, choices=Reason.choices)
    reversed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.reason} {self.event_id}"


class ReturnedTender(models.Model):
    """A tender that the bank sent back; others of its event stood."""

    tender = models.OneToOneField(Tender, models.PROTECT, related_name="returned")
    reversal = models.ForeignKey(Reversal, models.PROTECT, related_name="returned")

    def __str__(self) -> str:
        return f"{self.tender} came back"
