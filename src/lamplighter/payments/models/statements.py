"""What the bank says: statements, their lines, and what each line was found to be."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.ledger.models import Entry
from lamplighter.platform.columns import ActorField, MoneyField


class BankStatement(models.Model):
    """One day of our account at the bank, read from its file (by SHA-256) once."""

    on = models.DateField(unique=True)
    opening = MoneyField(null=True)
    closing = MoneyField(null=True)
    file = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"statement of {self.on}"


class BankLine(models.Model):
    """One movement that the bank booked; above zero it came in."""

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    place = models.IntegerField()
    amount = MoneyField()
    code = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="bank_line_once", fields=["statement", "place"])]

    def __str__(self) -> str:
        return f"{self.amount} {self.code}"

    @property
    def subject(self) -> str:
        return f"bank-line:{self.pk}"


class BankMatch(models.Model):
    """What a line is of ours: a deposit, a refund check, a returned item, a settlement; `difference` is what is missing
    (or, negative, too much) at the bank."""

    line = models.OneToOneField(BankLine, models.PROTECT, related_name="match")
    what = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, blank=True)
    difference = MoneyField(default=0)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="deposit_seen_once", fields=["subject"], condition=models.Q(what="deposit")),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} is {self.what} {self.subject}"
