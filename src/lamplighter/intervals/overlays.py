"""Channel-days laid over others: a block sent again, late readings over estimates, two halves of a day of exchange."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.intervals.channeldays import ABSENT, LARGEST, MISSING, ChannelDays, estimated, slots_of_rows
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.slots import day_at
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Severity


class Shared(StrEnum):
    """What to do with a slot that both sides have read."""

    CONFLICT = "conflict"  # the lower stays, a person chooses
    NEWER = "newer"  # the upper wins: an edit, a correction
    SUM = "sum"  # the two are parts: the interval in which a meter was exchanged


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """`days` has the channel-days of the upper side, completed by the lower; `changed[N]` marks those that are not
    already stored so."""

    days: ChannelDays
    changed: Bool
    findings: tuple[IntervalFinding, ...] = ()

    def to_append(self) -> ChannelDays:
        return self.days.take(self.changed)


def overlay(lower: ChannelDays, upper: ChannelDays, *, shared: Shared = Shared.CONFLICT) -> Overlay:
    """Lay `upper` over `lower`: missing and estimated slots of the lower are filled, missing ones of the upper are not.

    An upper value equal to the lower's, or to what came in before the lower was validated, changes nothing.
    Raises ValueError when a sum of parts does not fit 32 bits, or when the two disagree on a day's slots.
    """
    assert lower.seconds == upper.seconds, "one interval length on both sides"
    low = _aligned(lower, upper)
    filled = estimated(low.quality) | (low.quality == MISSING)
    read = upper.quality != MISSING
    both = read & ~filled
    differs = both & (upper.values != low.values) & (upper.values != low.raw)
    taken = read & filled | (differs if shared is Shared.NEWER else np.zeros_like(read))
    merged = replace(
        upper,
        values=np.where(taken, upper.values, low.values),
        quality=np.where(taken, upper.quality, low.quality),
        raw=_raw(lower, upper, low, taken),
    )
    if shared is Shared.SUM:
        merged = _summed(merged, upper, both)
    new = _per_row(upper, (merged.values != low.values) | (merged.quality != low.quality))
    clashes = differs if shared is Shared.CONFLICT else np.zeros_like(differs)
    return Overlay(merged, new, tuple(_conflicts(low, upper, clashes)))


@dataclass(frozen=True, slots=True, eq=False)
class _Lower:
    """The lower side on the rows and slots of the upper: missing where it has nothing."""

    values: Int32
    quality: UInt8
    raw: Int32


def _aligned(lower: ChannelDays, upper: ChannelDays) -> _Lower:
    here, there = _matches(lower, upper)
    if (lower.widths[there] != upper.widths[here]).any():
        raise ValueError("the two sides have different numbers of slots on a day: they were cut in different zones")
    into, source = slots_of_rows(upper.offsets, here), slots_of_rows(lower.offsets, there)
    values: Int32 = np.full(len(upper.values), ABSENT, dtype=np.int32)
    quality: UInt8 = np.full(len(upper.values), Quality.MISSING, dtype=np.uint8)
    values[into], quality[into] = lower.values[source], lower.quality[source]
    raw = values.copy()
    if lower.raw is not None:
        raw[into] = lower.raw[source]
    return _Lower(values, quality, raw)


def _matches(lower: ChannelDays, upper: ChannelDays) -> tuple[Int64, Int64]:
    """Rows of the upper and of the lower that are the same channel-day."""
    pairs = np.stack((np.append(lower.channels, upper.channels), np.append(lower.days, upper.days)), axis=1)
    _, keys = np.unique(pairs, axis=0, return_inverse=True)
    below, above = keys[: len(lower)], keys[len(lower) :]
    _, there, here = np.intersect1d(below, above, assume_unique=True, return_indices=True)
    return here, there


def _raw(lower: ChannelDays, upper: ChannelDays, low: _Lower, taken: Bool) -> Int32 | None:
    if lower.raw is None and upper.raw is None:
        return None
    return np.where(taken, upper.values if upper.raw is None else upper.raw, low.raw)


def _summed(merged: ChannelDays, upper: ChannelDays, both: Bool) -> ChannelDays:
    sums = merged.values.astype(np.int64) + np.where(both, upper.values, 0)
    if (np.abs(sums[both]) > LARGEST).any():
        raise ValueError("the two parts of an interval add up to more than 32 bits hold")
    quality = np.where(both, np.uint8(Quality.DERIVED), merged.quality)
    return replace(merged, values=np.where(both, sums, merged.values).astype(np.int32), quality=quality)


def _per_row(days: ChannelDays, marks: Bool) -> Bool:
    if not len(days):
        return np.zeros(0, dtype=np.bool_)
    marked: Bool = np.add.reduceat(marks, days.offsets[:-1], dtype=np.int64) > 0
    return marked


def _conflicts(low: _Lower, upper: ChannelDays, clashes: Bool) -> list[IntervalFinding]:
    found = []
    for row in np.flatnonzero(_per_row(upper, clashes)).tolist():
        begin, end = upper.offsets[row : row + 2].tolist()
        slots = np.flatnonzero(clashes[begin:end])
        first = begin + int(slots[0])
        day = day_at(int(upper.days[row]))
        found.append(
            IntervalFinding(
                rule="store.conflict",
                channel=int(upper.channels[row]),
                day=day,
                slot=int(slots[0]),
                slots=int(slots[-1] - slots[0]) + 1,
                severity=Severity.ERROR,
                message=f"{len(slots)} intervals of {day} came again with other values: the first has"
                f" {upper.values[first]} where {low.values[first]} is stored, and stays until one is chosen.",
                measured=int(upper.values[first]),
                threshold=int(low.values[first]),
                proposal=Proposal.CHOOSE,
            )
        )
    return found
