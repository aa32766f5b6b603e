"""Crews and their days, service orders with their tasks and steps, visits, reports with photos, and site notes."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Account
from lamplighter.fieldwork.rules import OPEN
from lamplighter.fieldwork.types import ACTS, NON_PAYMENT, TYPES, OrderKind, OrderType
from lamplighter.metering.models import Meter
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import Remark, StoredFile, User
from lamplighter.premises.models import Premise, ServicePoint


class Half(models.TextChoices):
    """Half of a working day, the unit in which customers are promised a visit. In the order of the day by its value."""

    MORNING = "am", "8 am to noon"
    AFTERNOON = "pm", "noon to 5 pm"

    @property
    def ends(self) -> time:
        """By the utility's clock."""
        return time(12) if self is Half.MORNING else time(17)


class Area(models.Model):
    """A part of town that crews serve, by its postcodes."""

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    postcodes = ArrayField(models.CharField(max_length=10))
    """Of no other area; an area that nobody serves any more has none."""

    def __str__(self) -> str:
        return self.name


class Crew(models.Model):
    """People with a truck, in an area; from the day on which it `ended_on`, where there is one, it goes nowhere."""

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, related_name="crews")
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class CrewMember(models.Model):
    """Somebody on a crew for a period; on one crew at a time."""

    crew = models.ForeignKey(Crew, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    period = PeriodField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="on_one_crew_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.crew_id}"


class Shift(models.Model):
    """How many places a crew has in half a day."""

    crew = models.ForeignKey(Crew, models.PROTECT, related_name="shifts")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    places = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="shift_once", fields=["crew", "day", "half"])]
        indexes: ClassVar = [models.Index(fields=["day", "half"], name="shift_of_day")]

    def __str__(self) -> str:
        return f"{self.crew_id} {self.day} {self.half}"


class Order(models.Model):
    """One thing to be done at one service point. `state` is moved by its steps alone (the database sees to that).

    `origin` is the act that asked for it (`desk`, `move`, `credit` ...), `origin_key` its `kind:key`. `not_before` is
    the day from which it may be done. `certificate` is the number of the shut-off certificate that it carries.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        FAULTY = "faulty", "Can't go out"
        WAITING = "waiting", "Waiting"
        AT_WORK = "in-progress", "In progress"
        COMPLETE = "complete", "Complete"
        DISCARDED = "discarded", "Cancelled"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=[(t.kind.value, t.label) for t in TYPES.values()])
    reason = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=8, choices=[("urgent", "Urgent"), ("normal", "Normal")], default="normal")
    state = models.CharField(max_length=11, choices=State.choices, default=State.PENDING)
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="orders")
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="orders")
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="orders")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="orders")
    certificate = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=20)
    origin_key = models.CharField(max_length=80, blank=True)
    not_before = models.DateField()
    due_at = models.DateTimeField()
    instructions = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    raised_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_order_of_a_kind", fields=["point", "kind"],
                                    condition=Q(state__in=OPEN)),
            models.CheckConstraint(name="no_cut_for_debt_without_certificate",
                                   condition=~Q(kind="disconnect", reason=NON_PAYMENT) | ~Q(certificate="")),
            models.CheckConstraint(name="a_cut_has_a_reason", condition=~Q(kind="disconnect") | ~Q(reason="")),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="order_waiting"),
            models.Index(fields=["account", "-raised_at"], name="order_of_account"),
            models.Index(fields=["premise", "-raised_at"], name="order_of_premise"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"order:{self.number}"

    @property
    def cuts(self) -> bool:
        """It turns somebody's power off: nobody begins it unasked."""
        return self.kind == OrderKind.DISCONNECT

    @property
    def type(self) -> OrderType:
        return TYPES[OrderKind(self.kind)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def label(self) -> str:
        why = dict(self.type.reasons).get(self.reason, "")
        return f"{self.type.label} · {why}" if why else self.type.label


class OrderStep(models.Model):
    """The order passed from one state to the next: by whom, when and why. Append-only, and strictly in sequence."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="steps")
    serial = models.PositiveSmallIntegerField()
    was = models.CharField(max_length=11, blank=True)
    state = models.CharField(max_length=11, choices=Order.State.choices)
    at = models.DateTimeField()
    by = ActorField()
    reason = models.CharField(max_length=20, blank=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="order_step_once", fields=["order", "serial"])]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class Task(models.Model):
    """One act of an order, in its place; ended with the order, done or cancelled."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="tasks")
    serial = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=12, choices=[(act.value, label) for act, label in ACTS.items()])
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, blank=True, choices=[("done", "Done"), ("cancelled", "Cancelled")])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="task_once", fields=["order", "serial"]),
            models.CheckConstraint(
                name="task_ended_with_an_outcome",
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.act}"


class Visit(models.Model):
    """An order in a place of a crew's half-day; `promised` makes it an appointment with the customer.

    A place is had by one visit, unless that was moved or cancelled.
    """

    class End(models.TextChoices):
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        DONE = "done", "Done"
        NOT_DONE = "not-done", "Not done"

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="visits")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="visits")
    place = models.PositiveSmallIntegerField()
    promised = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = ActorField()
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=9, blank=True, choices=End.choices)
    ended_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="place_had_once", fields=["shift", "place"],
                                    condition=~Q(ended__in=["moved", "cancelled"])),
            models.UniqueConstraint(name="one_visit_stands", fields=["order"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="visit_ended_somehow",
                condition=Q(ended_at__isnull=True, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order_id} in {self.shift_id}"


class Report(models.Model):
    """What a crew found, as it sent it, once by the draft's own id. Append-only.

    `data` holds reads, meters, switch and findings as keys and figures; `digest` is that of everything that was sent.
    `late`: the order was over when it came, and nothing was applied.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        NOT_DONE = "not-done", "Not done"

    id = models.BigAutoField(primary_key=True)
    draft = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    order = models.ForeignKey(Order, models.PROTECT, related_name="reports")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")
    late = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="report_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.outcome}"


class Photo(models.Model):
    """A picture of a report, in the file store."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="photo_once", fields=["report", "file"])]

    def __str__(self) -> str:
        return self.file_id


class SiteNote(models.Model):
    """What a crew must know of a place; its words can be erased. It stands until somebody says that it is over."""

    class About(models.TextChoices):
        SAFETY = "safety", "Safety"
        ACCESS = "access", "Access"

    premise = models.ForeignKey(Premise, models.PROTECT, related_name="site_notes")
    about = models.CharField(max_length=6, choices=About.choices)
    remark = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    period = PeriodField()
    written_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["premise"], name="note_of_premise")]

    def __str__(self) -> str:
        return f"{self.about} at {self.premise_id}"
