"""A bound below every peak that a battery can reach: it tells which slots matter."""

from __future__ import annotations

import numpy as np

from lamplighter.advice.effects import Battery
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.curves.curve import Floats

HALVINGS = 25


def lowest(taken: Floats, counts: Bool, hours: float, battery: Battery) -> float:
    """The lowest level in kW at which a battery can hold a load (W) where it counts: one that begins full, takes
    whatever there is room for below the level, and has nothing else to do. No run brings the peak below it."""
    at = np.flatnonzero(counts)
    if not len(at):
        return 0.0
    load = taken[at]
    between = (np.diff(at, prepend=-1) - 1) * hours * battery.kw * battery.efficiency
    high = float(load.max())
    low = max(high - battery.kw, 0.0)
    for _ in range(HALVINGS):
        level = (low + high) / 2
        low, high = (low, level) if _holds(load - level, between, hours, battery) else (level, high)
    return low


def _holds(over: Floats, between: Floats, hours: float, battery: Battery) -> bool:
    """Whether a load that is `over` (W, kW) a level can be held at it; `between` is what the battery can take in before
    each window. What it lacks of full is a running sum that never falls below nothing."""
    takes = np.minimum(-over, battery.kw) * battery.efficiency
    moved = np.where(over > 0, over, -takes) * hours
    lacks = np.cumsum(np.column_stack([-between, moved]).ravel())
    full = np.minimum(np.minimum.accumulate(lacks), 0)
    return float((lacks - full).max()) <= battery.kwh
