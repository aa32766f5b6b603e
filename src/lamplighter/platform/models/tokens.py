"""Keys with which other programs use the API: whose, for what, from when until when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lamplighter.platform.columns import ActorField
from lamplighter.platform.models.users import User


class ApiToken(models.Model):
    """A key of a partner system. Only its SHA-256 is kept; `begins` is what people know it by.

    `scopes` are permissions; `source` is the tender source into which it may take payments, if it may.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=60)
    begins = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    source = models.CharField(max_length=30, blank=True)
    per_minute = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = ActorField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="token_revoked_by_someone",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.begins}…)"

    @property
    def subject(self) -> str:
        return f"token:{self.pk}"
