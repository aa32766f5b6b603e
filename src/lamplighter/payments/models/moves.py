"""What becomes of payments later: moved to the account that was meant; customers from whom no checks are taken."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.ledger.models import Entry
from lamplighter.payments.models.tenders import Payment
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class Transfer(models.Model):
    """A payment, or a part of it, moved to the account that it was meant for. Its tender stays where it was."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="transfers")
    to = models.ForeignKey(Account, models.PROTECT, related_name="transfers_in")
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    moved_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="transfer_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.amount} of payment {self.payment_id} to {self.to_id}"


class CashOnly(models.Model):
    """For a period no check and no bank transfer is taken from an account at the counter; `reason` says why."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="cash_only")
    period = PeriodField()
    reason = models.CharField(max_length=120)
    begun_by = ActorField()
    ended_by = ActorField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} pays cash {self.period}"
