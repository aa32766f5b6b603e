"""By which key another system knew what was taken over from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LegacyKey(models.Model):
    """`kind` is the table of the conversion, `old` the key there, `row` the primary key of what it became here.

    What has a number of its own from there (accounts, meters, bills) is found by that. Append-only.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    old = models.CharField(max_length=40)
    row = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="legacy_key_once", fields=["kind", "old"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.old}"
