"""Groups of answers that are too small to hide in are shown only together: nobody's answer can be told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

FEWEST = 5
"""Answers below which a group is not shown by itself (as peers of a business are not: keyaccounts.queries.loads)."""

OTHERS = "Others together"


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of a group: how many, their mean, and how many were good (4 or 5)."""

    name: str
    count: int
    mean: float
    good: int


def groups(answers: Mapping[str, Sequence[int]]) -> list[Group]:
    """Groups by their names. Those with fewer than five answers stand together; while these are still fewer than five,
    the next smallest joins them, so that no group follows from the others and the whole. None where the whole is too
    small."""
    kept = {name: list(values) for name, values in answers.items() if values}
    if sum(len(values) for values in kept.values()) < FEWEST:
        return []
    pooled: list[int] = []
    for name in sorted(kept, key=lambda name: (len(kept[name]), name)):
        if len(kept[name]) >= FEWEST and (not pooled or len(pooled) >= FEWEST):
            break
        pooled += kept.pop(name)
    shown = [_group(name, values) for name, values in sorted(kept.items())]
    return shown + ([_group(OTHERS, pooled)] if pooled else [])


def _group(name: str, values: Sequence[int]) -> Group:
    return Group(name, len(values), fmean(values), sum(value >= 4 for value in values))
