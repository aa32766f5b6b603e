"""Cycle windows, rules of billing, bills, their segments and lines, what is parked, adjustments, requests to rebill."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account, Agreement, Cycle
from lamplighter.billing.rules import BackBilling, BudgetPolicy, Fact, LatePolicy, LinkPolicy, Policy
from lamplighter.ledger.models import Entry
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField, TextOfJSONField
from lamplighter.platform.models import StoredFile

LINKS = LinkPolicy()


class CycleWindow(models.Model):
    """When a cycle is billed in a month: the nights in which its accounts are tried, and the rules of that month.

    `reads_on` is the scheduled read day, on which the service days billed end. From `estimate_on` a missing read may
    be estimated; never when it is empty. With `freeze` off the run is a trial: its bills are thrown away and rebuilt.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="windows")
    month = models.DateField()
    reads_on = models.DateField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    accounting_on = models.DateField()
    estimate_on = models.DateField(null=True)
    freeze = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="window_once_a_month", fields=["cycle", "month"]),
            models.CheckConstraint(
                name="window_in_order",
                condition=Q(month__day=1, opens_on__lte=models.F("closes_on"), reads_on__lte=models.F("opens_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.month:%Y-%m}"

    @property
    def subject(self) -> str:
        return f"window:{self.pk}"


class BillingPolicy(models.Model):
    """The utility's rules of billing for a period: what is issued in it stays under them. `citation` names the
    resolution or ordinance."""

    period = PeriodField()
    due_days = models.SmallIntegerField()
    late_percent = models.DecimalField(max_digits=5, decimal_places=3)
    late_least = MoneyField()
    late_grace = models.SmallIntegerField()
    late_minimum_debt = MoneyField()
    undercharge_months = models.SmallIntegerField()
    refund_months = models.SmallIntegerField()
    threshold = MoneyField()
    budget_step = MoneyField()
    budget_off_by = models.SmallIntegerField()
    budget_settle_days = models.SmallIntegerField()
    link_fact = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Fact], default=Fact.ZIP.value)
    link_days = models.SmallIntegerField(default=LINKS.days)
    link_tries = models.SmallIntegerField(default=LINKS.tries)
    link_minutes = models.SmallIntegerField(default=LINKS.minutes)
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_policy_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"

    @property
    def policy(self) -> Policy:
        return Policy(
            self.due_days,
            LatePolicy(self.late_percent, self.late_least, self.late_grace, self.late_minimum_debt),
            BackBilling(self.undercharge_months, self.refund_months, self.threshold),
            BudgetPolicy(self.budget_step, self.budget_off_by, self.budget_settle_days),
            LinkPolicy(Fact(self.link_fact), self.link_days, self.link_tries, self.link_minutes),
        )


class Bill(models.Model):
    """What one account was asked for: its segments, what came before, and what is due when.

    `due` = `previous` + `received` + `corrected` + `charges`. `mark` is the highest ledger entry that the bill knows
    of; what is posted later stands on the next one.
    A converted bill comes from another system: it is shown and aged, never recomputed.
    """

    class Origin(models.TextChoices):
        OWN = "own", "Billed here"
        CONVERTED = "converted", "Converted"

    class Kind(models.TextChoices):
        CYCLE = "cycle", "Cycle bill"
        OFF_CYCLE = "off-cycle", "Off-cycle bill"
        FINAL = "final", "Final bill"
        CORRECTION = "correction", "Correction"
        INVOICE = "invoice", "Invoice"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="bills", db_index=False, db_constraint=False)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.OWN)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CYCLE)
    window = models.ForeignKey(CycleWindow, models.PROTECT, null=True, related_name="bills", db_constraint=False)
    issued_on = models.DateField()
    due_on = models.DateField()
    previous = MoneyField()
    received = MoneyField()
    corrected = MoneyField()
    charges = MoneyField()
    due = MoneyField()
    mark = models.BigIntegerField()
    issued_at = models.DateTimeField()
    issued_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_cycle_bill_a_window", fields=["account", "window"], condition=Q(kind="cycle")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-issued_on"], name="bill_of_account"),
            models.Index(fields=["charges"], name="bill_charges"),
            models.Index(fields=["due"], name="bill_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"bill:{self.number}"


class Segment(models.Model):
    """The charges of one agreement for a run of service days, frozen with what they were computed from.

    `statement` is canonical JSON: inputs, determinants, lines. `revision` is the newest interval publication that
    was read. Live segments of an agreement never overlap; a cancelled one stays, and names why.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        OPENING = "opening", "First bill"
        CLOSING = "closing", "Final bill"

    id = models.BigAutoField(primary_key=True)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="segments", db_constraint=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="segments", db_constraint=False)
    period = PeriodField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    month = models.DateField()
    schedule = models.CharField(max_length=60)
    estimated = models.BooleanField()
    revision = models.BigIntegerField()
    statement = TextOfJSONField()
    sha256 = models.CharField(max_length=64)
    kwh = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    total = MoneyField()
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+", db_constraint=False)
    rebills = models.OneToOneField("self", models.PROTECT, null=True, related_name="rebilled_by")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = ActorField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    cancel_entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="no_day_billed_twice",
                expressions=[("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.period}"

    @property
    def live(self) -> bool:
        return self.cancelled_at is None


class BillLine(models.Model):
    """One line of a segment as printed and posted. How it came about stands in the segment's statement."""

    pk = models.CompositePrimaryKey("segment", "place")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="lines", db_index=False, db_constraint=False)
    place = models.SmallIntegerField()
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=24, decimal_places=9)
    unit = models.CharField(max_length=20)
    price = models.DecimalField(max_digits=24, decimal_places=12)
    amount = MoneyField()
    gl = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.label} {self.amount}"


class Parked(models.Model):
    """An agreement that a run could not bill: why, with evidence. The run goes on; a person or the next night looks."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting"
        BILLED = "billed", "Billed since"
        RELEASED = "released", "Released"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parked")
    window = models.ForeignKey(CycleWindow, models.PROTECT, null=True, related_name="parked")
    code = models.CharField(max_length=60)
    message = models.TextField()
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    parked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="parked_once", fields=["agreement", "window"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.message


class TrialBill(models.Model):
    """A bill of a trial run: shown, compared, thrown away and rebuilt the next night."""

    window = models.ForeignKey(CycleWindow, models.CASCADE, related_name="trials")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    total = MoneyField()
    statements = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="trial_once", fields=["window", "account"])]

    def __str__(self) -> str:
        return f"trial {self.account_id} {self.total}"


class Adjustment(models.Model):
    """A charge or credit beside the rate: a late charge, a fee, a correction of a converted balance."""

    class Kind(models.TextChoices):
        LATE_CHARGE = "late-charge", "Late charge"
        FEE = "fee", "Fee"
        INVOICE = "invoice", "Invoice"
        OPENING_BALANCE = "opening-balance", "Balance brought forward"
        CREDIT = "credit", "Credit"
        CHARGE = "charge", "Charge"
        RETURNED_ITEM = "returned-item", "Returned item fee"
        DEPOSIT = "deposit", "Deposit"
        BUDGET = "budget", "Budget billing"
        DONATION = "donation", "Gift to a fund"
        GRANT = "grant", "Grant"

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    label = models.CharField(max_length=120)
    amount = MoneyField()
    effective_on = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()

    def __str__(self) -> str:
        return f"{self.label} {self.amount}"


class BudgetPlan(models.Model):
    """A service is asked for the same `amount` with each bill, and settled with the first one from `settles_on` on."""

    class Consent(models.TextChoices):
        RECORDED = "recorded", "Recorded call"
        SIGNED = "signed", "Signed"
        PORTAL = "portal", "In the portal"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="budgets")
    amount = MoneyField()
    period = PeriodField()
    settles_on = models.DateField()
    consent = models.CharField(max_length=8, choices=Consent.choices)
    made_at = models.DateTimeField()
    made_by = ActorField()
    end_reason = models.CharField(max_length=20, blank=True)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_budget_plan_at_a_time",
                expressions=[("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="budget_plan_asks_for_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for agreement {self.agreement_id}"


class RebillRequest(models.Model):
    """Something changed for days that were billed already: which agreement, from which day, and what it was."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Billed again"
        SMALL = "small", "Difference below the threshold"
        TOO_OLD = "too-old", "Beyond the limit"
        DISMISSED = "dismissed", "Dismissed"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rebill_requests")
    period = PeriodField()
    reason = models.CharField(max_length=40)
    cause = models.CharField(max_length=80)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    difference = MoneyField(null=True)
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    settled_at = models.DateTimeField(null=True)
    settled_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="rebill_asked_once", fields=["agreement", "cause"], condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.agreement_id} {self.period}"


class BillDocument(models.Model):
    """A bill as a document, archived by its SHA-256."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="documents")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.bill_id} {self.file_id}"
