"""A total divided among intervals in proportion, without losing a unit."""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.arrays import Int64


def apportion(total: int, weights: Int64) -> Int64:
    """Whole shares of `total` (0 or more) in proportion to `weights` (0 or more) that add up to it exactly.

    What rounding down leaves goes to the largest remainders, the earlier of equals. Without any weight the shares
    are even.
    """
    assert total >= 0
    assert len(weights)
    assert (weights >= 0).all()
    if not weights.any():
        weights = np.ones_like(weights)
    exact = weights if int(weights.max()) * total < 1 << 62 else weights.astype(object)
    whole = int(exact.sum())
    shares, remainders = (exact * total) // whole, (exact * total) % whole
    left = total - int(shares.sum())
    largest = np.argsort(-remainders, kind="stable")[:left]
    shares[largest] += 1
    return shares.astype(np.int64)
