"""How far a meter's clock is off, as far as a message proves it. Pure.

What comes late says nothing; what cannot be does. California's VEE standard asks for a time check of the meter and of
the reading system; the tolerance is ours, *default*.
"""

from __future__ import annotations

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=3)


def apart(said: datetime, *, asked: datetime | None, heard: datetime) -> timedelta | None:
    """By how much at least a meter that dated something `said` is ahead of us, or (below zero) behind.

    Nothing happens after it was heard, and no answer is older than its question. Where both hold of an answer, its
    clock is right as far as can be told; what was not asked for and is dated in the past tells nothing: None.
    """
    if said > heard:
        return said - heard
    if asked is None:
        return None
    return min(said - asked, timedelta(0))


def adrift(off: timedelta) -> bool:
    return abs(off) > TOLERANCE
