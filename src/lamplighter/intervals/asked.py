"""What an ask comes to for every channel of a block: the one way in which columns answer it, on one machine or many."""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.demand import WINDOWS, peaks
from lamplighter.intervals.measuring import totals
from lamplighter.intervals.scopes import slots_of
from lamplighter.intervals.slots import DAY
from lamplighter.rating.determinants import Ask, Determinant, What


def answers(block: Block, ask: Ask) -> Int64:
    """Counts (C): of energy the sum, of demand the highest window; times `per_hour` it is counts an hour.

    What is missing adds nothing and makes no window: whether anything is, `lacking` tells.
    """
    mask = slots_of(block.calendar, ask)
    window = ask.determinant.window
    if window is None:
        return totals(block, mask)
    return peaks(block, mask[None, :], minutes=window_minutes(ask.determinant, block.calendar.seconds)).amounts[:, 0]


def lacking(block: Block) -> Int64:
    """Slots without a reading (C)."""
    gaps: Int64 = np.count_nonzero(~block.present, axis=1)
    return gaps


def answerable(asked: Determinant, seconds: int) -> bool:
    """Whether columns can answer it from one channel of this interval.

    Not tiers in order of time, netting, a sum of daily peaks, a power factor, hours of the day out of daily readings,
    nor a window that the interval does not divide: those are measured the plain way.
    """
    if asked.band is not None or asked.netting or asked.daily or asked.what is What.POWER_FACTOR:
        return False
    if asked.clock is not None and seconds == DAY:
        return False
    if asked.window is None:
        return True
    minutes = window_minutes(asked, seconds)
    return not asked.window.sliding and minutes in WINDOWS and minutes * 60 % seconds == 0


def window_minutes(asked: Determinant, seconds: int) -> int:
    """The averaging window of a demand: the meter's own interval where the tariff names none."""
    assert asked.window is not None
    return asked.window.minutes or seconds // 60
