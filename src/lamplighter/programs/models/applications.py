"""What households asked for, said and showed, and how it was decided; and who was told of a program."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark, StoredFile
from lamplighter.programs.models.terms import Program
from lamplighter.programs.rules.qualifying import CATEGORIES, Basis, PaperKind, Said


class Channel(models.TextChoices):
    """By which way people came."""

    PHONE = "phone", "Telephone"
    COUNTER = "counter", "Counter"
    MAIL = "mail", "Mail"
    EMAIL = "email", "Email"
    AGENCY = "agency", "Agency"
    EVENT = "event", "Event"
    PORTAL = "portal", "Portal"


class Application(models.Model):
    """A request to be enrolled. Waiting for papers, it lapses after `papers_by`."""

    class State(models.TextChoices):
        MISSING = "missing", "Papers missing"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        LAPSED = "lapsed", "Lapsed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Consent(models.TextChoices):
        RECORDED = "recorded", "Said on a recorded call"
        SIGNED = "signed", "Signed"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="applications")
    account = models.ForeignKey(Account, models.PROTECT, related_name="applications")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="applications")
    received_on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    basis = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Basis])
    consent = models.CharField(max_length=8, choices=Consent.choices)
    received_at = models.DateTimeField()
    received_by = ActorField()
    papers_by = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    decided_on = models.DateField(null=True)
    decided_by = ActorField(null=True)
    exception = models.BooleanField(default=False)
    reasons = models.ForeignKey(Remark, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_application_waits", fields=["program", "agreement"], condition=Q(state="missing")
            ),
            models.CheckConstraint(
                name="application_decided_by_someone",
                condition=Q(state="missing", decided_on__isnull=True, decided_by__isnull=True)
                | (~Q(state="missing") & Q(decided_on__isnull=False, decided_by__isnull=False)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["received_on"], name="application_received")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.number}"


class Household(models.Model):
    """What a household said of itself; erased when the retention schedule says, and then only that it was said."""

    application = models.OneToOneField(Application, models.PROTECT, primary_key=True, related_name="household")
    size = models.PositiveSmallIntegerField(null=True)
    income = MoneyField(null=True)
    category = models.CharField(max_length=12, blank=True)
    fixed = models.BooleanField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="household_said_or_erased",
                condition=Q(erased_at__isnull=True, size__gte=1, fixed__isnull=False)
                | Q(erased_at__isnull=False, size__isnull=True, income__isnull=True, category="", fixed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return "(erased)" if self.erased_at else f"{self.size} in {self.application_id}"

    @property
    def category_label(self) -> str:
        return CATEGORIES.get(self.category, "")

    def said(self, basis: Basis, papers: frozenset[PaperKind]) -> Said:
        assert self.erased_at is None, "what was erased can't be decided on"
        return Said(basis, self.size or 1, self.income, self.category, bool(self.fixed), papers)


class Paper(models.Model):
    """Something that a household showed, as it came."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=8, choices=[(each.value, each.label) for each in PaperKind])
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="paper_once", fields=["application", "file"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.application_id}"


class Offer(models.Model):
    """Somebody was told of a program, and what they said to it. `saving` is what they were told it would have saved."""

    class Answer(models.TextChoices):
        APPLIED = "applied", "Applied"
        THINKS = "thinks", "Will think about it"
        NO = "no", "Not interested"
        SENT = "sent", "Wants it in writing"

    id = models.BigAutoField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="offers")
    account = models.ForeignKey(Account, models.PROTECT, related_name="program_offers")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    saving = MoneyField(null=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on"], name="offer_made")]

    def __str__(self) -> str:
        return f"{self.program_id} to {self.account_id}: {self.answer}"
