"""Readings that came a second time with other values: what came, so that a person can see it and choose it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.exceptions import Seen

CONFLICTS = ("store.conflict", "read.conflict")


def came_again(found: IntervalException) -> Mapping[tuple[date, int], int]:
    """By local day and slot, the counts that came later; empty for every other matter."""
    if found.rule not in CONFLICTS or "came" not in found.evidence:
        return {}
    if found.channel.is_register:
        return {(found.day, found.slot): found.evidence["came"]}
    return {
        (found.day, slot): count for slot, count in zip(found.evidence["slots"], found.evidence["came"], strict=True)
    }


def with_both(shown: Seen) -> Seen:
    """The curve with what came later as what came in, while the stored readings still count."""
    came = came_again(shown.exception) if shown.exception.is_open else {}
    points = (replace(point, raw=came.get((point.day, point.slot), point.raw)) for point in shown.points)
    return replace(shown, points=tuple(points)) if came else shown
