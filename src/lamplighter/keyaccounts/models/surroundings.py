"""Where the utility's loads stand: sun, weather and the carbon of each hour's power, as they were adopted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lamplighter.platform.columns import ActorField


class AdoptedSurroundings(models.Model):
    """A surroundings file (docs/algorithms/what-if.md) as it holds from a day on. Append-only; the newest counts."""

    id = models.BigAutoField(primary_key=True)
    since = models.DateField()
    text = models.TextField()
    adopted_at = models.DateTimeField()
    adopted_by = ActorField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-since", "-id"], name="surroundings_newest")]

    def __str__(self) -> str:
        return f"surroundings since {self.since}"
