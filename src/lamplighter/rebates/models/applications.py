"""Who asked for which rebate, what others give beside it, and the papers that were brought."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement
from lamplighter.customers.models import Person
from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Remark, StoredFile
from lamplighter.rebates.models.manual import Incentive, ManualEntry
from lamplighter.rebates.models.programs import RebateBudget, RebateTerms
from lamplighter.rebates.rules.qualifying import PaperKind, Way
from lamplighter.rebates.rules.stages import GONE, HOLDS, LIVE, State


def _values(states: frozenset[State]) -> list[str]:
    return sorted(each.value for each in states)


class RebateApplication(models.Model):
    """A rebate from the asking to its end, by the entry of the manual and the terms of the day on which it was asked.

    `amount` is what is, or was, reserved: never more is paid. `quantity` and `cost` as asked; `quantity_done` and
    `cost_done` as installed, and as an inspector found. `lot` says how the sample fell, `certain` that
    it is inspected for its size.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    entry = models.ForeignKey(ManualEntry, models.PROTECT, related_name="applications")
    terms = models.ForeignKey(RebateTerms, models.PROTECT, related_name="applications")
    account = models.ForeignKey(Account, models.PROTECT, related_name="rebates")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rebates")
    budget = models.ForeignKey(RebateBudget, models.PROTECT, null=True, related_name="applications")
    contractor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=10, choices=[(each.value, each.label) for each in Way])
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    cost = MoneyField()
    others = MoneyField()
    amount = MoneyField()
    received_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = ActorField()
    done_by = models.DateField(null=True)
    installed_on = models.DateField(null=True)
    quantity_done = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    cost_done = MoneyField(null=True)
    lot = models.CharField(max_length=160, blank=True)
    certain = models.BooleanField(default=False)
    reviewed_by = ActorField(null=True)
    state = models.CharField(max_length=11, choices=[(each.value, each.label) for each in State])
    since = models.DateField()
    reasons = models.ForeignKey(Remark, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="measure_asked_once_at_a_service", fields=["agreement", "entry"],
                condition=Q(state__in=_values(LIVE)),
            ),
            models.CheckConstraint(
                name="reserved_of_a_budget",
                condition=~Q(state__in=_values(HOLDS)) | Q(budget__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(name="contractor_is_named", condition=~Q(way="contractor")
                                   | Q(contractor__isnull=False)),
            models.CheckConstraint(
                name="rebate_asks_for_something", condition=Q(state__in=_values(GONE)) | Q(quantity__gt=0, amount__gt=0)
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["state", "since"], name="rebate_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"rebate:{self.number}"

    @property
    def stage(self) -> State:
        return State(self.state)


class AppliedIncentive(models.Model):
    """What somebody else was going to give beside it, as it was worked out on the day. Append-only."""

    application = models.ForeignKey(RebateApplication, models.PROTECT, related_name="incentives")
    incentive = models.ForeignKey(Incentive, models.PROTECT, related_name="+")
    amount = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="incentive_applied_once", fields=["application", "incentive"])
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.incentive_id}"


class RebatePaper(models.Model):
    """A paper as it came. Append-only."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(RebateApplication, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=[(each.value, each.label) for each in PaperKind])
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="rebate_paper_once", fields=["application", "kind", "file"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.application_id}"
