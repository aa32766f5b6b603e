"""What can be wrong with a reading when it is laid on the grid, and how that is said."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.slots import DAY, EARLIEST, LATEST, day_at, local_day_of
from lamplighter.kernel.findings import Severity

if TYPE_CHECKING:
    from lamplighter.intervals.gridding import Gridded, Readings


class Fault(IntEnum):
    """Why a reading is not on the grid as it came. SPLIT is on the grid all the same."""

    NONE = 0
    ABSENT = 1  # it says itself that there is no reading
    INSTANT = 2  # outside 1990-2100
    DURATION = 3  # not a multiple of the channel's interval, or too long to split
    MISALIGNED = 4  # begins off the channel's slots
    TOO_LARGE = 5  # does not fit 32 bits
    DUPLICATE = 6  # the same reading again
    CONFLICT = 7  # another reading claims the same time
    SPLIT = 8


_SAID = {
    Fault.INSTANT: ("gridding.instant", "dated outside 1990 to 2100", Proposal.CORRECT_SETUP),
    Fault.DURATION: ("gridding.duration", "not a whole number of the channel's {seconds} s", Proposal.CORRECT_SETUP),
    Fault.MISALIGNED: ("gridding.misaligned", "beginning off the channel's {seconds} s slots", Proposal.CORRECT_SETUP),
    Fault.TOO_LARGE: ("gridding.too-large", "too large for 32 bits in the channel's measure", Proposal.REVIEW),
    Fault.CONFLICT: ("gridding.conflict", "claiming the same time with different values", Proposal.CHOOSE),
    Fault.SPLIT: ("gridding.split", "of several intervals, split evenly and marked derived", Proposal.NONE),
}


def findings_of(readings: Readings, gridded: Gridded, *, zone: ZoneInfo) -> tuple[IntervalFinding, ...]:
    """One finding per channel, local day and kind of fault; the first reading concerned is its example."""
    at = np.flatnonzero(np.isin(gridded.faults, list(_SAID)))
    if not len(at):
        return ()
    days, midnights = local_day_of(np.clip(readings.starts[at], EARLIEST, LATEST), zone)
    channels, faults = readings.channels[at], gridded.faults[at]
    order = np.lexsort((readings.starts[at], days, channels, faults))
    edges = [np.diff(column[order], prepend=-1) != 0 for column in (days, channels, faults.astype(np.int64))]
    begins = np.flatnonzero(np.logical_or.reduce(edges))
    ends = np.append(begins[1:], len(order))
    return tuple(
        _finding(readings, gridded, at[order[a:b]], (int(days[order[a]]), int(midnights[order[a]])), zone)
        for a, b in zip(begins.tolist(), ends.tolist(), strict=True)
    )


def _finding(
    readings: Readings, gridded: Gridded, at: Int64, begins: tuple[int, int], zone: ZoneInfo
) -> IntervalFinding:
    day, midnight = begins
    fault = Fault(gridded.faults[at[0]])
    code, words, proposal = _SAID[fault]
    seconds, first = gridded.days.seconds, int(at[0])
    start, length, count = (int(column[first]) for column in (readings.starts, readings.seconds, readings.counts))
    dated = EARLIEST <= start < LATEST
    example = f"{datetime.fromtimestamp(start, zone):%Y-%m-%d %H:%M:%S %Z}" if dated else f"second {start} of 1970"
    covered = int(np.clip(readings.seconds[at], 0, 31 * DAY).sum())
    return IntervalFinding(
        rule=code,
        channel=int(readings.channels[first]),
        day=day_at(day),
        slot=0 if seconds == DAY else max(min(start, LATEST) - midnight, 0) // seconds,
        slots=-(-covered // seconds),
        severity=Severity.INFO if fault is Fault.SPLIT else Severity.ERROR,
        message=f"{len(at)} reading{'s' if len(at) > 1 else ''} {words.format(seconds=seconds)}: the first from"
        f" {example} for {length} s with {count}.",
        measured=count,
        proposal=proposal,
    )
