"""Rules of who belongs on a rate, studies with a row for each customer, advice, reviews and who is to be moved."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.money import Money
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField
from lamplighter.platform.models import Run
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.models import Schedule, TariffText


class RateRule(models.Model):
    """Who belongs on a schedule, or may choose it, for a period; `citation` names the resolution."""

    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    period = PeriodField()
    classes = ArrayField(models.CharField(max_length=12))
    rank = models.SmallIntegerField(default=0)
    usual = models.BooleanField(default=False)
    chosen = models.BooleanField(default=False)
    kw = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    kwh = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    months = models.SmallIntegerField(default=0)
    stay = models.SmallIntegerField(default=0)
    requires = models.CharField(max_length=160, blank=True)
    notice_days = models.SmallIntegerField(default=30)
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_rate_rule_at_a_time",
                expressions=[("schedule", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.period}"

    @property
    def limits(self) -> Limits:
        return Limits(
            self.schedule_id, frozenset(self.classes), self.rank, self.usual, self.chosen, self.kw, self.kwh,
            self.months, self.stay, self.requires, self.notice_days,
        )  # fmt: skip


class Study(models.Model):
    """A tariff text priced over the year before `until` beside present rates; with a `forecast`, over the year that it
    foretells. Once `done` it stays."""

    class Scope(models.TextChoices):
        RATE = "rate", "Customers on this rate"
        CLASS = "class", "Every customer of its class"

    class State(models.TextChoices):
        WAITING = "waiting", "Being worked out"
        DONE = "done", "Done"

    name = models.CharField(max_length=120)
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    source = models.ForeignKey(TariffText, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=5, choices=Scope.choices)
    until = models.DateField()
    forecast = models.ForeignKey("Forecast", models.PROTECT, null=True, related_name="studies")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    result = models.JSONField(default=dict)
    made_by = ActorField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"study:{self.pk}"


class StudyYear(models.Model):
    """What a year came to for one customer: on the present rate, and on the one that is studied."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="years")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    customer_class = models.CharField(max_length=12)
    assisted = models.BooleanField()
    months = models.SmallIntegerField()
    kwh = models.DecimalField(max_digits=18, decimal_places=6)
    present = MoneyField()
    proposed = MoneyField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="study_year_once", fields=["study", "agreement"])]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.present} to {self.proposed}"

    @property
    def change(self) -> Money:
        found: Money = self.proposed - self.present
        return found


class Advice(models.Model):
    """The cheapest rate for a customer over the year before `until`, beside the present one. Found anew each time."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="advice")
    until = models.DateField()
    present_schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    present = MoneyField()
    best_schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    best = MoneyField()
    saving = MoneyField()
    estimated_percent = models.DecimalField(max_digits=5, decimal_places=1, default=Decimal(0))
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.best_schedule_id} saves {self.saving}"


class Review(models.Model):
    """Every customer held to the rate rules of a day, over the year before `until`."""

    until = models.DateField()
    on = models.DateField()
    looked_at = models.IntegerField()
    unjudged = models.JSONField(default=dict)
    made_by = ActorField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review of {self.on}"

    @property
    def subject(self) -> str:
        return f"rate-review:{self.pk}"


class Move(models.Model):
    """A customer who belongs on another schedule: found, told, moved by two people; or kept, with a reason."""

    class State(models.TextChoices):
        FOUND = "found", "Found"
        TOLD = "told", "Told, waits for approval"
        MOVED = "moved", "Moved"
        KEPT = "kept", "Kept"

    review = models.ForeignKey(Review, models.PROTECT, related_name="moves")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="rate_moves")
    present_schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    months = models.JSONField(default=list)
    state = models.CharField(max_length=5, choices=State.choices, default=State.FOUND)
    effective_on = models.DateField(null=True)
    decided_by = ActorField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_move_waits", fields=["agreement"], condition=Q(state__in=["found", "told"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} to {self.schedule_id}"


class Forecast(models.Model):
    """Sales and revenue of the twelve months from `first`, by class, foretold from what was billed before. Once it is
    `done` or `refused` it stays: another is made beside it.

    `given` is what was taken as given: {"values": {assumption: number}, "pipeline": {class: [kWh of each month]},
    "counts": which part of the pipeline}. `result` tells what it stands on, or why nothing could be told.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Being worked out"
        DONE = "done", "Done"
        REFUSED = "refused", "Can't be told"

    name = models.CharField(max_length=120)
    first = models.DateField()
    given = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    result = models.JSONField(default=dict)
    made_by = ActorField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"forecast:{self.pk}"


class ForecastMonth(models.Model):
    """A class's month: kWh with its range, of which `added` was assumed; `base_kwh` was billed a year before; what the
    year's bills come to with that use, priced one by one; kW of its highest hour, where enough meters tell hours.
    Append-only."""

    forecast = models.ForeignKey(Forecast, models.PROTECT, related_name="rows")
    customer_class = models.CharField(max_length=12)
    month = models.DateField()
    base_kwh = models.DecimalField(max_digits=18, decimal_places=3)
    added = models.DecimalField(max_digits=18, decimal_places=3)
    kwh_low = models.DecimalField(max_digits=18, decimal_places=3)
    kwh = models.DecimalField(max_digits=18, decimal_places=3)
    kwh_high = models.DecimalField(max_digits=18, decimal_places=3)
    revenue_low = MoneyField()
    revenue = MoneyField()
    revenue_high = MoneyField()
    kw_low = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    kw = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    kw_high = models.DecimalField(max_digits=15, decimal_places=3, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="forecast_month_once", fields=["forecast", "customer_class", "month"])
        ]

    def __str__(self) -> str:
        return f"{self.customer_class} {self.month:%Y-%m}: {self.kwh} kWh"


class RevenueBudget(models.Model):
    """A budget of up to twelve months as it was taken in, named by the year in which it ends; the newest of a year
    counts. Append-only."""

    year = models.SmallIntegerField()
    name = models.CharField(max_length=120)
    made_by = ActorField()
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["year", "-id"], name="budget_newest")]

    def __str__(self) -> str:
        return f"{self.year}: {self.name}"

    @property
    def subject(self) -> str:
        return f"budget:{self.pk}"


class RevenueBudgetLine(models.Model):
    """A class's month in a budget: kWh and revenue as billed. Append-only."""

    budget = models.ForeignKey(RevenueBudget, models.PROTECT, related_name="lines")
    month = models.DateField()
    customer_class = models.CharField(max_length=12)
    kwh = models.DecimalField(max_digits=18, decimal_places=3)
    revenue = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="budget_line_once", fields=["budget", "month", "customer_class"])
        ]

    def __str__(self) -> str:
        return f"{self.customer_class} {self.month:%Y-%m}: {self.revenue}"
