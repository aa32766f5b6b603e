"""Cash control: counts, turn-ins, differences, verifications, deposits, and the journal that hashes them together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.ledger.models import Entry
from lamplighter.payments.models.tenders import Tender, TenderControl, TenderSource
from lamplighter.platform.columns import ActorField, MoneyField


class DrawerCount(models.Model):
    """What somebody counted in a drawer: cash by denomination (cents to pieces), other tenders by kind (cents)."""

    class Kind(models.TextChoices):
        CLOSE = "close", "Counted to close"
        SURPRISE = "surprise", "Surprise count"
        VERIFY = "verify", "Counted again"

    id = models.BigAutoField(primary_key=True)
    control = models.ForeignKey(TenderControl, models.PROTECT, related_name="counts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    pieces = models.JSONField(default=dict)
    others = models.JSONField(default=dict)
    cash = MoneyField()
    difference = MoneyField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.kind} {self.cash} of {self.control_id}"


class TurnIn(models.Model):
    """Cash that left an open drawer for the vault: the drawer should hold so much less, the deposit gets it."""

    id = models.BigAutoField(primary_key=True)
    control = models.ForeignKey(TenderControl, models.PROTECT, related_name="turn_ins")
    amount = MoneyField()
    received_by = ActorField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="turn_in_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="turn_in_by_two", condition=~Q(received_by=F("recorded_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.control_id}"


class OverShort(models.Model):
    """What a drawer held more (or, negative, less) than it should, with the cashier's reason; it is in the books."""

    control = models.OneToOneField(TenderControl, models.PROTECT, related_name="over_short")
    amount = MoneyField()
    reason = models.CharField(max_length=200)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.amount} in {self.control_id}"


class Verification(models.Model):
    """A second person counted the same. `seal` is the digest of the drawer's journal up to here."""

    control = models.OneToOneField(TenderControl, models.PROTECT, related_name="verification")
    seal = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.control_id} by {self.recorded_by}"


class JournalLine(models.Model):
    """One line of a source's tender journal; its digest covers the line before it, so that none can change or go."""

    class Act(models.TextChoices):
        OPENED = "opened", "Opened"
        TENDER = "tender", "Tender"
        REVERSED = "reversed", "Taken back"
        TURN_IN = "turn-in", "Turned in"
        COUNT = "count", "Counted"

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(
        TenderSource, models.PROTECT, related_name="journal", db_index=False, db_constraint=False
    )
    place = models.BigIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    of = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="journal_place_once", fields=["source", "place"]),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.place} {self.act}"


class JournalSeal(models.Model):
    """The newest digest of a source's journal at the end of a day: what is above can't be written anew unnoticed."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(TenderSource, models.PROTECT, related_name="seals")
    on = models.DateField()
    place = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="journal_sealed_once", fields=["source", "place"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.on} {self.digest[:16]}"


class BankDeposit(models.Model):
    """What is carried to the bank in one bag: the cash and the checks of verified drawers."""

    number = models.CharField(max_length=20, unique=True)
    bag = models.CharField(max_length=30, unique=True)
    made_on = models.DateField()
    cash = MoneyField()
    checks = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"D-{self.number}"

    @property
    def subject(self) -> str:
        return f"deposit:{self.number}"


class DepositedControl(models.Model):
    """A drawer's period that went into a deposit; it goes once."""

    deposit = models.ForeignKey(BankDeposit, models.PROTECT, related_name="controls")
    control = models.OneToOneField(TenderControl, models.PROTECT, related_name="deposited")

    def __str__(self) -> str:
        return f"{self.control_id} in {self.deposit_id}"


class CheckImage(models.Model):
    """A check as scanned for remote deposit: the paying bank, its on-us field under seal, front and back as TIFF files
    of the file store."""

    tender = models.OneToOneField(Tender, models.PROTECT, related_name="image")
    routing = models.CharField(max_length=9)
    on_us = models.TextField()
    front = models.CharField(max_length=64)
    back = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"image of tender {self.tender_id}"
