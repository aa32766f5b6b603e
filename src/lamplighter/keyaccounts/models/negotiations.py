"""Negotiations of special contracts: drafts of their terms, what was signed, alarms before a term's end, and costs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Agreement
from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.keyaccounts.models.terms import Contract
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Approval, Remark


class Negotiation(models.Model):
    """A contract that is being agreed on for one service, under the code that it will have; of an amendment, the code
    that its contract has. It ends signed or given up."""

    class Outcome(models.TextChoices):
        SIGNED = "signed", "Signed"
        GIVEN_UP = "given-up", "Given up"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="negotiations")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="negotiations")
    amends = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="amendments")
    opened_at = models.DateTimeField()
    opened_by = ActorField()
    closed_at = models.DateTimeField(null=True)
    closed_by = ActorField(null=True)
    outcome = models.CharField(max_length=8, blank=True, choices=Outcome.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_negotiation_of_a_code", fields=["code"], condition=Q(closed_at=None)),
            models.CheckConstraint(
                name="negotiation_closed_with_an_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"negotiation:{self.pk}"


class TermsDraft(models.Model):
    """One version of one alternative, as it was put on the table. Append-only; `terms` as `keyaccounts.terms` stores
    them, `clauses` what else is agreed on, `words` why this version: for ourselves, never on the customer's paper."""

    class Side(models.TextChoices):
        OURS = "ours", "We offer"
        THEIRS = "theirs", "They ask"

    id = models.BigAutoField(primary_key=True)
    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="drafts")
    alternative = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    side = models.CharField(max_length=6, choices=Side.choices)
    terms = models.JSONField()
    clauses = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    words = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField()
    kept_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="version_of_a_negotiation_once", fields=["negotiation", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.alternative}, version {self.version}"


class ContractSigning(models.Model):
    """A draft that was signed: by whom for the customer, under which approval, from when it counts. Append-only; the
    newest of a contract tells its terms."""

    id = models.BigAutoField(primary_key=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signings")
    draft = models.OneToOneField(TermsDraft, models.PROTECT, related_name="signing")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="+")
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signed_on = models.DateField()
    since = models.DateField()
    signed_at = models.DateTimeField()
    signed_by = ActorField()

    def __str__(self) -> str:
        return f"{self.contract_id} since {self.since}"


class ContractAlarm(models.Model):
    """That the manager was told of a term's end: `mark` months before it, 0 for the day of notice. Append-only."""

    id = models.BigAutoField(primary_key=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="alarms")
    ends = models.DateField()
    mark = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="alarm_told_once", fields=["contract", "ends", "mark"]),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.mark} months before {self.ends}"


class AdoptedCosts(models.Model):
    """A costs file (docs/algorithms/contracts.md) as it holds from its day on. Append-only; the newest counts."""

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    text = models.TextField()
    adopted_at = models.DateTimeField()
    adopted_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-since", "-id"], name="costs_newest")]

    def __str__(self) -> str:
        return f"costs since {self.since}"
