"""Account plans: goals that meters and bills measure, risks for ourselves, and what-ifs that were kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField, PeriodField
from lamplighter.platform.models import Remark


class Plan(models.Model):
    """What is to be reached with an organisation in a period, and when it is looked at again. One runs at a time.

    `version` counts changes: a form that was opened on an older one asks before it writes over.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    period = PeriodField()
    situation = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    review_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    made_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="plan_ends", condition=Q(period__endswith__isnull=False))]

    def __str__(self) -> str:
        return f"plan of {self.organisation_id} {self.period}"

    @property
    def subject(self) -> str:
        return f"plan:{self.pk}"


class Goal(models.Model):
    """One thing to reach: a measure with where it began, where it should come to, and by when.

    `measure` is a key of `keyaccounts.measures`; `agreement` the service that is measured, none: all of them.
    """

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    title = models.CharField(max_length=120)
    measure = models.CharField(max_length=20)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="+")
    baseline = models.DecimalField(max_digits=14, decimal_places=3)
    target = models.DecimalField(max_digits=14, decimal_places=3)
    due_on = models.DateField()
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class GoalReading(models.Model):
    """What a goal's measure came to on a morning: what the report over all plans reads. None: it could not be measured.
    Append-only."""

    id = models.BigAutoField(primary_key=True)
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="readings")
    on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    read_at = models.DateTimeField()
    read_by = ActorField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="goal_read_once_a_day", fields=["goal", "on"])]

    def __str__(self) -> str:
        return f"{self.goal_id} on {self.on}"


class Risk(models.Model):
    """What may go wrong with the relation or the goals: for ourselves, never for the customer's view."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="risks")
    words = models.ForeignKey(Remark, models.PROTECT, related_name="+")
    grave = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"risk of {self.plan_id}"


class Scenario(models.Model):
    """A what-if under its name: what was changed of a service, to be worked out again whenever it is looked at."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="scenarios")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    changes = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = ActorField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="scenario_name_once", fields=["agreement", "name"],
                                    condition=Q(dropped_at__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
