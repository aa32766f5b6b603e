"""Channel-days in columns: the form in which readings are gridded, written, stored and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.kernel.energy import ESTIMATED, Quality

ABSENT = np.iinfo(np.int32).min
"""What the value of a missing slot is in memory: never zero, and so wrong that no sum can hide it."""

LARGEST = np.iinfo(np.int32).max
"""The largest count that a slot may hold; the least is its negative."""

MISSING = np.uint8(Quality.MISSING)
"""The code of a missing slot, as wide as the codes themselves: compared with a member of Quality, every one of them is
made 64 bits wide first, which takes thirty times as long."""

ESTIMATES = tuple(np.uint8(code) for code in sorted(ESTIMATED))


@dataclass(frozen=True, slots=True, eq=False)
class ChannelDays:
    """N channel-days of channels with one interval length, ordered by channel and day, none twice.

    `channels[N]`; `days[N]` since 1970-01-01; row i has the slots `offsets[i]:offsets[i+1]` of `values` (counts of
    the channel's measure), `quality` and, when `raw` is given, of the values as they came before validation.
    A missing slot has Quality.MISSING and the value ABSENT.
    """

    seconds: int
    channels: Int64
    days: Int32
    offsets: Int64
    values: Int32
    quality: UInt8
    raw: Int32 | None = None

    def __post_init__(self) -> None:
        assert len(self.channels) == len(self.days) == len(self.offsets) - 1
        assert len(self.values) == len(self.quality)
        assert self.raw is None or len(self.raw) == len(self.values)
        steps = np.diff(self.channels)
        assert ((steps > 0) | ((steps == 0) & (np.diff(self.days) > 0))).all(), "ordered, and no channel-day twice"

    def __len__(self) -> int:
        return len(self.channels)

    @property
    def widths(self) -> Int64:
        return np.diff(self.offsets)

    def take(self, rows: Bool | Int64) -> ChannelDays:
        """Some of the channel-days: a mask, or ascending indices."""
        chosen: Int64 = np.arange(len(self), dtype=np.int64)[rows]
        slots = slots_of_rows(self.offsets, chosen)
        return ChannelDays(
            seconds=self.seconds,
            channels=self.channels[chosen],
            days=self.days[chosen],
            offsets=offsets_of(self.widths[chosen]),
            values=self.values[slots],
            quality=self.quality[slots],
            raw=None if self.raw is None else self.raw[slots],
        )

    def corrected(self) -> Bool:
        """Which channel-days (N) differ from what came in."""
        if self.raw is None or not len(self):
            return np.zeros(len(self), dtype=np.bool_)
        return np.add.reduceat(self.raw != self.values, self.offsets[:-1], dtype=np.int64) > 0


def joined(parts: Sequence[ChannelDays]) -> ChannelDays:
    """Several batches as one, in order. They must not share a channel-day."""
    assert parts
    assert len({part.seconds for part in parts}) == 1, "one interval length in a batch"
    kept_raw = any(part.raw is not None for part in parts)
    whole = _Unordered(
        channels=np.concatenate([part.channels for part in parts]),
        days=np.concatenate([part.days for part in parts]),
        widths=np.concatenate([part.widths for part in parts]),
        values=np.concatenate([part.values for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
        raw=np.concatenate([part.values if part.raw is None else part.raw for part in parts]) if kept_raw else None,
    )
    return whole.ordered(parts[0].seconds)


def stacked(parts: Sequence[ChannelDays]) -> ChannelDays:
    """Batches without `raw` of which each ends before the next begins, as one."""
    return ChannelDays(
        seconds=parts[0].seconds,
        channels=np.concatenate([part.channels for part in parts]),
        days=np.concatenate([part.days for part in parts]),
        offsets=offsets_of(np.concatenate([part.widths for part in parts])),
        values=np.concatenate([part.values for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
    )


def offsets_of(widths: Int64) -> Int64:
    offsets: Int64 = np.zeros(len(widths) + 1, dtype=np.int64)
    np.cumsum(widths, out=offsets[1:])
    return offsets


def slots_of_rows(offsets: Int64, rows: Int64) -> Int64:
    """The flat positions of the slots of some rows, in their order."""
    widths = np.diff(offsets)[rows]
    begins = offsets_of(widths)
    return np.arange(begins[-1], dtype=np.int64) + np.repeat(offsets[:-1][rows] - begins[:-1], widths)


def estimated(quality: UInt8) -> Bool:
    """Which slots hold an estimate (kernel.energy.ESTIMATED), of any shape."""
    first, *others = ESTIMATES
    found: Bool = quality == first
    for code in others:
        found |= quality == code
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Unordered:
    channels: Int64
    days: Int32
    widths: Int64
    values: Int32
    quality: UInt8
    raw: Int32 | None

    def ordered(self, seconds: int) -> ChannelDays:
        rows = np.lexsort((self.days, self.channels))
        slots = slots_of_rows(offsets_of(self.widths), rows)
        return ChannelDays(
            seconds=seconds,
            channels=self.channels[rows],
            days=self.days[rows],
            offsets=offsets_of(self.widths[rows]),
            values=self.values[slots],
            quality=self.quality[slots],
            raw=None if self.raw is None else self.raw[slots],
        )
