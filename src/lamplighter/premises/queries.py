"""Questions about places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lamplighter.premises.models import PointFact


def facts_of(points: Collection[int], *, on: date) -> dict[int, dict[str, str]]:
    """What is true of each service point on a day; one query."""
    found: dict[int, dict[str, str]] = {point: {} for point in points}
    for fact in PointFact.objects.filter(point__in=points, period__contains=on):
        found[fact.point_id][fact.name] = fact.value
    return found
