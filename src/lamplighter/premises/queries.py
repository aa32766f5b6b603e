"""Questions about places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lamplighter.premises.models import PointFact, Premise


def facts_of(points: Collection[int], *, on: date) -> dict[int, dict[str, str]]:
    """What is true of each service point on a day; one query."""
    found: dict[int, dict[str, str]] = {point: {} for point in points}
    for fact in PointFact.objects.filter(point__in=points, period__contains=on):
        found[fact.point_id][fact.name] = fact.value
    return found


def premise_at(*, street: str, unit: str, postcode: str) -> Premise | None:
    """The premise with an address, whether it was written in capitals or not."""
    return Premise.objects.filter(street__iexact=street, unit__iexact=unit, postcode=postcode).first()
