"""Bills on paper: jobs of the print shop, the pieces of each, what became of a piece, and what lies in the envelope."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.billing.models.bills import Bill
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.platform.models import StoredFile


class Insert(models.Model):
    """A leaflet that goes with the bills of a period; `classes` are the customer classes that get it; empty: all."""

    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    classes = models.JSONField(default=list)
    period = PeriodField()
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="insert_code_once", fields=["code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class PrintJob(models.Model):
    """One file for the print shop: so many pieces and pages, of bills that ask for so much. `reported_at` once its
    mailing report was read, which accounts for every piece.

    `since` is the day that the first job set: bills issued before went to their customers another way.
    """

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    pieces = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    amount = MoneyField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = ActorField()
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    reported_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reported_job_has_its_report",
                condition=Q(report__isnull=True, reported_at__isnull=True, reported_by__isnull=True)
                | Q(report__isnull=False, reported_at__isnull=False, reported_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"P-{self.pk}"

    @property
    def subject(self) -> str:
        return f"print-job:{self.pk}"


class BillPiece(models.Model):
    """A bill in an envelope. `replaces` is the piece in whose place it goes; a bill has one first piece. Append-only.

    `tracking` are the digits of its Intelligent Mail barcode, "" where the utility has no mailer identifier.
    """

    class Why(models.TextChoices):
        CHOSEN = "chosen", "On paper"
        BOUNCED = "bounced", "Email came back"
        UNSENT = "unsent", "No email could be sent"
        SPOILED = "spoiled", "Spoiled before"
        RETURNED = "returned", "Came back before"

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(PrintJob, models.PROTECT, related_name="contents")
    place = models.PositiveIntegerField()
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="pieces")
    why = models.CharField(max_length=8, choices=Why.choices)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    first_page = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    inserts = models.JSONField()
    tracking = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="piece_in_its_place", fields=["job", "place"]),
            models.UniqueConstraint(name="one_first_piece", fields=["bill"], condition=Q(replaces__isnull=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["tracking"], name="piece_by_barcode", condition=~Q(tracking=""))]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"P-{self.job_id}-{self.place:04}"

    @property
    def subject(self) -> str:
        return f"piece:{self.pk}"


class PieceStep(models.Model):
    """What became of a piece, on which day, by which proof. Append-only.

    Mailed, or spoiled and mailed made again, or spoiled and not mailed; then it may come back, and go out again.
    """

    class Act(models.TextChoices):
        MAILED = "mailed", "Mailed"
        REMADE = "remade", "Made again, mailed"
        SPOILED = "spoiled", "Spoiled, not mailed"
        RETURNED = "returned", "Came back"
        AGAIN = "again", "To go out again"

    piece = models.ForeignKey(BillPiece, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=8, choices=Act.choices)
    on = models.DateField()
    proof = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="piece_step_once", fields=["piece", "act"]),
            models.UniqueConstraint(
                name="piece_reported_once", fields=["piece"], condition=Q(act__in=["mailed", "remade", "spoiled"])
            ),
            models.CheckConstraint(
                name="mailing_has_its_proof", condition=~Q(act__in=["mailed", "remade"]) | ~Q(proof="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece_id} {self.act}"
