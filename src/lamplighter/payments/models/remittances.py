"""Files of lockboxes and pay stations: the layouts by which they are read, what stood in each, what waits."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.ledger.models import Entry
from lamplighter.payments.models.tenders import PaymentEvent, TenderControl, TenderSource
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class SourceLayout(models.Model):
    """How the files of a source are read for a period: the layout's text, and where it was taken from."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(TenderSource, models.PROTECT, related_name="layouts")
    period = PeriodField()
    code = models.CharField(max_length=40)
    text = models.TextField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_layout_at_a_time",
                expressions=[("source", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.period}"


class Remittance(models.Model):
    """A file of payments that was taken, once by its bytes (`file`, SHA-256) and by the sender's own `number`. What
    was posted stands in a balancing period of its own; there is none where every line waits."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(TenderSource, models.PROTECT, related_name="remittances")
    layout = models.ForeignKey(SourceLayout, models.PROTECT, related_name="remittances")
    file = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=40, blank=True)
    control = models.OneToOneField(TenderControl, models.PROTECT, null=True, related_name="remittance")
    count = models.IntegerField()
    amount = MoneyField()
    taken_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="remittance_once", fields=["source", "number"], condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.source_id}"

    @property
    def subject(self) -> str:
        return f"remittance:{self.pk}"


class RemittedLine(models.Model):
    """One payment of a file: posted (`event`), or waiting with `why`, while its money stands in `entry` as received and
    not applied. Append-only."""

    id = models.BigAutoField(primary_key=True)
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="lines")
    place = models.IntegerField()
    account = models.CharField(max_length=60)
    amount = MoneyField()
    tender = models.CharField(max_length=12)
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    event = models.OneToOneField(PaymentEvent, models.PROTECT, null=True, related_name="remitted")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="remitted_line_once", fields=["remittance", "place"]),
            models.CheckConstraint(name="remitted_line_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="posted_or_waits_with_a_reason",
                condition=Q(why="", event__isnull=False, entry__isnull=True)
                | (~Q(why="") & Q(event__isnull=True, entry__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.place} of {self.remittance_id}"

    @property
    def subject(self) -> str:
        return f"remitted-line:{self.pk}"


class UnappliedStep(models.Model):
    """What became of a line that waited: applied to an account, or sent back to the sender. Append-only; once."""

    class Act(models.TextChoices):
        APPLIED = "applied", "Applied"
        SENT_BACK = "sent-back", "Sent back"

    line = models.OneToOneField(RemittedLine, models.PROTECT, primary_key=True, related_name="step")
    act = models.CharField(max_length=9, choices=Act.choices)
    on = models.DateField()
    event = models.OneToOneField(PaymentEvent, models.PROTECT, null=True, related_name="unapplied_step")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="applied_by_a_payment",
                condition=Q(act="applied", event__isnull=False, entry__isnull=True)
                | Q(act="sent-back", event__isnull=True, entry__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.act}"
