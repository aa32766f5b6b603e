"""Card payments: links to the processor's page, what it told us, and the payments that came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.payments.models.autopay import Draft, SavedCard
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
    reference = models.CharField(max_length=40, blank=True, db_index=True)
    outcome = models.CharField(max_length=5, choices=Outcome.choices)
    words = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class CardInvite(models.Model):
    """A link by which a customer has the processor keep a card, and agrees to `words`; good until a day, and once.

    `id` is our reference and idempotency key there; of the secret in the link only the digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.PROTECT, related_name="card_invites")
    words = models.TextField()
    begins = models.DateField()
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateField()
    session = models.CharField(max_length=60, blank=True)
    card = models.OneToOneField(SavedCard, models.PROTECT, null=True, related_name="invite")
    made_at = models.DateTimeField()
    made_by = ActorField()

    def __str__(self) -> str:
        return f"until {self.until}"

    @property
    def subject(self) -> str:
        return f"card-invite:{self.pk}"


class CardDraw(models.Model):
    """A draft that the processor is asked to charge: with how much at first, and since when, kept before it is asked. A
    repeat asks for the same, or for what a payment left of it. Append-only."""

    draft = models.OneToOneField(Draft, models.PROTECT, primary_key=True, related_name="card_draw")
    amount = MoneyField()
    asked_at = models.DateTimeField()
    asked_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="card_draw_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} for draft {self.draft_id}"


class CardCharge(models.Model):
    """A payment by card: the processor's number of it, the link or draft it came of, and what it is here."""

    id = models.CharField(max_length=40, primary_key=True)
    link = models.ForeignKey(PayLink, models.PROTECT, null=True, related_name="charges")
    draft = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="charge")
    event = models.OneToOneField(PaymentEvent, models.PROTECT, related_name="card_charge")
    shown = models.CharField(max_length=20, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="charge_of_link_or_draft",
                condition=Q(link__isnull=False, draft__isnull=True) | Q(link__isnull=True, draft__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.shown}"
