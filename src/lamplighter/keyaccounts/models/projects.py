"""Work that was done to save energy, so that the meter can tell what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lamplighter.accounts.models import Agreement
from lamplighter.keyaccounts.models.organisations import Organisation
from lamplighter.platform.columns import ActorField


class Project(models.Model):
    """Work on a service from its first day to its last. What it saved is worked out anew whenever it is looked at."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="projects")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    began_on = models.DateField()
    done_on = models.DateField()
    kept_at = models.DateTimeField()
    kept_by = ActorField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="project_ends_after_it_began", condition=Q(done_on__gte=F("began_on")))
        ]

    def __str__(self) -> str:
        return self.name
