"""Contacts with people, which facts a caller knew, and who is looking at what just now."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from lamplighter.accounts.models import Account
from lamplighter.cases.words import OUTCOMES, REASONS, Means
from lamplighter.customers.models import Person
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark


class Contact(models.Model):
    """One call, visit, letter, email or text. `source` is its name in its own channel, so that it is kept once.

    `party` is the number or address at the other end. A contact is live until it is wrapped up.
    """

    class Direction(models.TextChoices):
        IN = "in", "In"
        OUT = "out", "Out"

    id = models.BigAutoField(primary_key=True)
    means = models.CharField(max_length=6, choices=[(each.value, each.label) for each in Means])
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    source = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001 - many have none
    party = models.CharField(max_length=254, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="contacts")
    handled_by = ActorField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    wrapped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, blank=True, choices=list(REASONS.items()))
    outcome = models.CharField(max_length=12, blank=True, choices=list(OUTCOMES.items()))
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="contact_ends_after_it_began", condition=Q(ended_at__gte=F("began_at"))),
            models.CheckConstraint(
                name="contact_wrapped_up_has_its_reason",
                condition=Q(wrapped_at__isnull=True, reason="", outcome="")
                | (Q(wrapped_at__isnull=False) & ~Q(reason="") & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-began_at"], name="contact_of_account"),
            models.Index(fields=["handled_by", "-began_at"], name="contact_live", condition=Q(wrapped_at=None)),
            models.Index(fields=["-began_at"], name="contact_newest"),
            models.Index(fields=["party"], name="contact_of_party"),
            GinIndex(OpClass(Upper("party"), name="gin_trgm_ops"), name="contact_party_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.get_means_display()} {self.number}"

    @property
    def number(self) -> str:
        return f"C-{self.pk}"

    @property
    def subject(self) -> str:
        return f"contact:{self.pk}"

    @property
    def label(self) -> str:
        """`Call in`, `Email out`, `Visit`."""
        if self.means == Means.VISIT:
            return "Visit"
        return f"{self.get_means_display()} {self.direction}"


class Verification(models.Model):
    """Who a caller is was shown by these facts, for this contact and this account alone. Append-only."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="verifications")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    role = models.CharField(max_length=14)
    facts = models.JSONField()
    at = models.DateTimeField()
    by = ActorField()

    def __str__(self) -> str:
        return f"{self.contact_id} by {', '.join(self.facts)}"


class Presence(models.Model):
    """Somebody has a page about `subject` open, as of `seen_at`. Kept only to warn colleagues; it is no history."""

    subject = models.CharField(max_length=80)
    actor = ActorField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="presence_once", fields=["subject", "actor"])]

    def __str__(self) -> str:
        return f"{self.actor} at {self.subject}"
