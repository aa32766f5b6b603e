"""What channels of a class use now beside what they used before: weather, season, holidays, told by those who had them.

A channel's own use counts for nothing in the trend that it is held against.
"""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.vee.subject import Texts

Use = tuple[Int64, Int64]
"""Totals (C) and the days that they are of."""


def trend_of(now: Use, before: Use, classes: Texts) -> tuple[Int64, Int64]:
    """For each channel (C) the median of the others of its class, now for each 1000 before; and how many they are."""
    trend, others = np.zeros(len(classes), dtype=np.int64), np.zeros(len(classes), dtype=np.int64)
    then = before[0] * now[1]
    known = (now[1] > 0) & (before[1] > 0) & (then > 0)
    ratios = np.where(known, 1000 * now[0] * before[1] // np.maximum(then, 1), 0)
    for name in np.unique(classes):
        mine = classes == name
        telling = np.flatnonzero(mine & known)
        order = telling[np.argsort(ratios[telling], kind="stable")]
        ranks = np.full(len(classes), len(order), dtype=np.int64)  # beyond the end: nothing is left out
        ranks[order] = np.arange(len(order))
        others[mine] = len(order) - known[mine]
        trend[mine] = _medians(ratios[order], ranks[mine], others[mine])
    return trend, others


def _medians(ordered: Int64, left_out: Int64, counts: Int64) -> Int64:
    """The median of ordered values without the one at each place; 0 where none is left."""
    if not len(ordered):
        return np.zeros_like(left_out)
    lower, upper = np.maximum(counts - 1, 0) // 2, counts // 2
    upper = np.minimum(upper, np.maximum(counts - 1, 0))
    low, high = (ordered[np.minimum(at + (at >= left_out), len(ordered) - 1)] for at in (lower, upper))
    return np.where(counts > 0, (low + high) // 2, 0)
