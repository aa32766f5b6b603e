"""A line between two intervals, or flat load from one."""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.arrays import Int64


def line(left: int | None, right: int | None, slots: int) -> Int64 | None:
    """Values of `slots` intervals between two neighbours: 75 and 100 with four between are 80, 85, 90, 95.

    With one neighbour all are as that one; with none there is nothing to go by. Halves are rounded up.
    """
    if left is None or right is None:
        only = right if left is None else left
        return None if only is None else np.full(slots, only, dtype=np.int64)
    steps = np.arange(1, slots + 1, dtype=np.int64)
    return rounded(left * (slots + 1) + (right - left) * steps, slots + 1)


def rounded(sums: Int64, count: int) -> Int64:
    """`sums / count` as whole numbers, halves up."""
    return (2 * sums + count) // (2 * count)
