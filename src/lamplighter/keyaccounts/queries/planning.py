"""The planning figures that hold on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.keyaccounts.models import AdoptedPlanning
from lamplighter.keyaccounts.planning import Planning, planning_of


def adopted_planning(*, on: date) -> Planning | None:
    """Those adopted last among the ones that hold; None before any were."""
    newest = AdoptedPlanning.objects.filter(since__lte=on).order_by("-since", "-id").first()
    return None if newest is None else planning_of(newest.text)
