"""The utility's own bank account: where deposits go and refunds come from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class BankAccount(models.Model):
    """One row; what it was is in the history. `company` is the number by which the bank knows us in ACH files."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    bank = models.CharField(max_length=23)
    routing = models.CharField(max_length=9)
    number = models.CharField(max_length=17)
    holder = models.CharField(max_length=23)
    company = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="one_bank_account", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.bank} …{self.number[-4:]}"
