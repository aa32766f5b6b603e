"""What a register would have shown: between two reads by even use, after the last by the average daily use before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

LEAST = timedelta(days=5)
"""The shortest time between two reads from which an average daily use is taken."""

Shown = tuple[datetime, int]


def shown_at(instant: datetime, reads: Sequence[Shown], *, dials: int, peak: bool = False) -> int | None:
    """The estimated count at an instant from reads in order of time; None when there is nothing to go by.

    Average daily use times days, the register's turning over allowed for. A register of peaks is taken to show its
    last peak again. 10,000 on Aug 1 and 10,310 on Sep 1 are 10 a day: 10,610 on Oct 1.
    """
    before = [read for read in reads if read[0] <= instant]
    after = [read for read in reads if read[0] > instant]
    if not before:
        return None
    last = before[-1]
    if peak:
        return last[1]
    if after:
        return _along(last, after[0], instant, dials)
    earlier = [read for read in before if last[0] - read[0] >= LEAST]
    return _along(earlier[-1], last, instant, dials) if earlier else None


def _along(one: Shown, other: Shown, instant: datetime, dials: int) -> int:
    """On the straight line through two reads, halves up."""
    turn: int = 10**dials
    counted = (other[1] - one[1]) % turn
    share = Fraction((instant - one[0]) // timedelta(seconds=1), (other[0] - one[0]) // timedelta(seconds=1))
    return (one[1] + int(counted * share + Fraction(1, 2))) % turn
