"""Card payments: links to the processor's page, what it told us, and the payments that came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.payments.models.tenders import PaymentEvent
from lamplighter.platform.columns import ActorField, MoneyField


class PayLink(models.Model):
    """An amount of an account that can be paid by card once, until a day. `id` is our reference and idempotency key at
    the processor. The link carries a secret, which is put into the notice as it leaves; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.PROTECT, related_name="pay_links")
    amount = MoneyField()
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateField()
    session = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="pay_link_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} until {self.until}"

    @property
    def subject(self) -> str:
        return f"pay-link:{self.pk}"


class CardEvent(models.Model):
    """Something that the processor told, by its own id: taken in once, however often and in whatever order it comes."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", "Taken in"
        NOTED = "noted", "Noted"
        WAITS = "waits", "Waits for a person"

    id = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=40)
    charge = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=5, choices=Outcome.choices)
    words = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class CardCharge(models.Model):
    """A payment by card: the processor's number of it, and the payment event that it is here."""

    id = models.CharField(max_length=40, primary_key=True)
    link = models.ForeignKey(PayLink, models.PROTECT, related_name="charges")
    event = models.OneToOneField(PaymentEvent, models.PROTECT, related_name="card_charge")
    shown = models.CharField(max_length=20, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} {self.shown}"
