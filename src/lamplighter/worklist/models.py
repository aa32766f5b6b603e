"""Items that wait for a person, and each step of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import BooleanField, DurationField, ExpressionWrapper, F, Q, Value

from lamplighter.kernel.findings import Severity
from lamplighter.platform.columns import ActorField
from lamplighter.platform.models import Remark
from lamplighter.worklist.kinds import ItemKind, kind_of


class ItemQuerySet(models.QuerySet["Item"]):
    def waiting(self) -> ItemQuerySet:
        return self.filter(ended_at__isnull=True)

    def of_kinds(self, keys: Collection[str]) -> ItemQuerySet:
        return self.filter(kind__in=keys)

    def most_urgent_first(self) -> ItemQuerySet:
        return self.order_by("due_at", "id")

    def with_age(self, at: datetime) -> ItemQuerySet:
        """Adds `age` (a duration) and `overdue` as of `at`."""
        return self.annotate(
            age=ExpressionWrapper(Value(at) - F("raised_at"), output_field=DurationField()),
            overdue=ExpressionWrapper(Q(due_at__lt=at), output_field=BooleanField()),
        )


class Item(models.Model):
    """One matter that waits for a person. `summary` and `data` hold figures and keys, never personal data.

    `dedupe` names the matter within its kind: while it waits, raising it again counts `times` and moves
    `last_seen_at`. `account` is the id of the account on whose page it shows, if one does.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        TAKEN = "taken", "Taken"
        DONE = "done", "Done"
        DISMISSED = "dismissed", "Dismissed"

    class Level(models.IntegerChoices):
        KNOW = Severity.INFO.value, "Know"
        WATCH = Severity.WARNING.value, "Watch"
        STOP = Severity.ERROR.value, "Stop"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    dedupe = models.CharField(max_length=120)
    subject = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    summary = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    severity = models.SmallIntegerField(choices=Level.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = ActorField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    raised_at = models.DateTimeField()
    raised_by = ActorField()
    due_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="item_waits_once", fields=["kind", "dedupe"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="item_ended_is_done_or_dismissed",
                condition=Q(ended_at__isnull=True, state__in=["open", "taken"], outcome="")
                | (Q(ended_at__isnull=False, state__in=["done", "dismissed"]) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="item_taken_has_an_owner",
                condition=Q(state="open", owner__isnull=True)
                | Q(state="taken", owner__isnull=False)
                | Q(state__in=["done", "dismissed"]),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "due_at", "id"], name="item_waiting", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["owner", "due_at"], name="item_of_owner", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["subject"], name="item_of_subject"),
            models.Index(fields=["account", "-raised_at"], name="item_of_account"),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def key(self) -> str:
        """`kind:key` of this row, for events."""
        return f"item:{self.pk}"

    @property
    def of(self) -> ItemKind | None:
        return kind_of(self.kind)

    @property
    def waits(self) -> bool:
        return self.ended_at is None


class Step(models.Model):
    """Something done with an item: what, by whom and when; `owner` is whose it was afterwards. Append-only."""

    class Act(models.TextChoices):
        RAISED = "raised", "Raised"
        TAKEN = "taken", "Taken"
        RELEASED = "released", "Put back"
        ASSIGNED = "assigned", "Assigned"
        FINISHED = "finished", "Finished"
        DISMISSED = "dismissed", "Dismissed"
        RESOLVED = "resolved", "Closed by itself"
        REOPENED = "reopened", "Reopened"

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=Act.choices)
    at = models.DateTimeField()
    by = ActorField()
    owner = ActorField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="step_of_item")]

    def __str__(self) -> str:
        return f"{self.act} by {self.by}"
