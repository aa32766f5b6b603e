"""The books: general-ledger codes, sub-ledger accounts, entries and their postings, accounting periods; settlements
with departments of the city."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from lamplighter.platform.columns import ActorField, MoneyField
from lamplighter.platform.models import Approval


class Code(models.Model):
    """A general-ledger distribution code. A control code is the sum of the sub-ledger accounts under it."""

    class Kind(models.TextChoices):
        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        REVENUE = "revenue", "Revenue"
        EXPENSE = "expense", "Expense"
        EQUITY = "equity", "Equity"

    key = models.CharField(max_length=40, primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fund = models.CharField(max_length=20, default="electric")
    control = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Subledger(models.Model):
    """The balance of one service agreement, under one control code. Its agreement points to it from above."""

    id = models.BigAutoField(primary_key=True)
    code = models.ForeignKey(Code, models.PROTECT, related_name="subledgers")

    def __str__(self) -> str:
        return f"subledger {self.pk}"


class AccountingPeriod(models.Model):
    """A month of the books. Entries are refused in a closed one."""

    month = models.DateField(primary_key=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = ActorField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="period_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="period_closed_by_someone",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PeriodExtract(models.Model):
    """What the finance system got of a closed month: a CSV and a fixed layout, by SHA-256 of the stored files. `codes`
    are fund, number and name of each code as they were then."""

    month = models.OneToOneField(AccountingPeriod, models.PROTECT, related_name="extract")
    csv = models.CharField(max_length=64)
    fixed = models.CharField(max_length=64)
    codes = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"extract of {self.month_id}"


class Entry(models.Model):
    """One balanced happening in the books. `source` names what caused it, so that it is posted once.

    `effective_on` is the day from which it counts for the customer, `accounting_on` the day of the books (a late
    correction of a closed month is effective then and accounted now). `postings` is how many legs it has.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=30)
    effective_on = models.DateField()
    accounting_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = ActorField()
    legs = models.IntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = [models.CheckConstraint(name="entry_has_legs", condition=Q(legs__gt=0))]
        indexes = [
            models.Index(fields=["accounting_on"], name="entry_accounting_on"),
            BrinIndex(fields=["posted_at"], name="entry_posted_at"),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.source}"


class Posting(models.Model):
    """One leg: a general-ledger code, for control codes the sub-ledger account, and how much.

    `owed_on` is the day from which a debit ages; a credit that pays debts has none. A reversal repeats it, so that
    reversing a charge takes it out of its own age, and reversing a payment gives debts their old age back.
    `component` is the line's own code (energy, users tax ...), kept through transfers and write-off. What a posting
    refers to is looked at by the trigger that balances its entry, once a statement.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings", db_constraint=False)
    code = models.ForeignKey(Code, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subledger = models.ForeignKey(
        Subledger, models.PROTECT, null=True, related_name="postings", db_index=False, db_constraint=False
    )
    payoff = MoneyField()
    current = MoneyField(default=0)
    owed_on = models.DateField(null=True)
    component = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="posting_moves_something", condition=~Q(payoff=0) | ~Q(current=0)),
            models.CheckConstraint(
                name="current_is_of_a_subledger", condition=Q(current=0) | Q(subledger__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["subledger"], include=["payoff", "current", "owed_on"], name="posting_of_subledger",
                condition=Q(subledger__isnull=False),
            ),
            models.Index(fields=["code"], name="posting_of_code"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code_id} {self.payoff}"


class DepartmentCode(models.Model):
    """From a day on, what stands on a code is owed to, or by, a department of the city, which books it on an account of
    its own (`theirs`). Append-only; of the rows of a code the newest that has begun holds; without a department the
    code is nobody's any more."""

    id = models.BigAutoField(primary_key=True)
    code = models.ForeignKey(Code, models.PROTECT, related_name="departments")
    department = models.CharField(max_length=60, blank=True)
    theirs = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    citation = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.code_id}: {self.department} from {self.starts_on}"


class Settlement(models.Model):
    """What was owed to a department of the city (or by it, below zero) up to a day, moved by journal; or the same taken
    back. Append-only."""

    id = models.BigAutoField(primary_key=True)
    department = models.CharField(max_length=60)
    through = models.DateField()
    amount = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="settlement")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ST-{self.pk}"

    @property
    def subject(self) -> str:
        return f"settlement:{self.pk}"


class SettlementLine(models.Model):
    """What a settlement moved of one code: above zero it was owed to the department. Append-only."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="lines")
    code = models.ForeignKey(Code, models.PROTECT, related_name="+")
    theirs = models.CharField(max_length=40, blank=True)
    before = MoneyField()
    came = MoneyField()
    went = MoneyField()
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="code_once_a_settlement", fields=["settlement", "code"]),
            models.CheckConstraint(
                name="settled_is_what_was_owed", condition=Q(amount=F("before") + F("came") - F("went"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.amount}"
