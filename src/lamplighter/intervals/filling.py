"""Channel-days are put into a dense block here, and of each the highest revision stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.intervals.block import NO_REVISION, Block, OtherLength, Slots
from lamplighter.intervals.channeldays import ABSENT, MISSING, ChannelDays
from lamplighter.intervals.slots import SlotCalendar, ordinal
from lamplighter.kernel.energy import Quality


def dense(days: ChannelDays, calendar: SlotCalendar, channels: Int64 | None = None) -> Block:
    """Channel-days spread over a calendar; days outside it and channels not asked for are left out."""
    assert days.seconds == calendar.seconds, "a calendar of the channels' own interval"
    wanted = np.unique(days.channels) if channels is None else channels
    filling = Filling(wanted, calendar, raw=days.raw is not None)
    filling.put(stored(days, revision=0))
    return replace(filling.block(), revisions=np.full((len(wanted), calendar.days), NO_REVISION, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """N channel-days as a data file has them: in any order, several revisions of one day, of any interval length.

    Like ChannelDays otherwise; `raw` has the values themselves where nothing was changed.
    """

    channels: Int64
    days: Int32
    revisions: Int64
    seconds: Int32
    offsets: Int64
    values: Int32
    quality: UInt8
    raw: Int32 | None = None

    def between(self, begin: int, end: int) -> Stored:
        """Some rows that lie side by side, without copying them."""
        low, high = int(self.offsets[begin]), int(self.offsets[end])
        values, raw = self.values[low:high], None if self.raw is None else self.raw[low:high]
        return Stored(
            channels=self.channels[begin:end],
            days=self.days[begin:end],
            revisions=self.revisions[begin:end],
            seconds=self.seconds[begin:end],
            offsets=self.offsets[begin : end + 1] - low,
            values=values,
            quality=self.quality[low:high],
            raw=values if self.raw is self.values else raw,
        )


def stored(days: ChannelDays, *, revision: int) -> Stored:
    return Stored(
        channels=days.channels,
        days=days.days,
        revisions=np.full(len(days), revision, dtype=np.int64),
        seconds=np.full(len(days), days.seconds, dtype=np.int32),
        offsets=days.offsets,
        values=days.values,
        quality=days.quality,
        raw=days.values if days.raw is None else days.raw,
    )


class Filling:
    """A block in the making."""

    def __init__(self, channels: Int64, calendar: SlotCalendar, *, raw: bool = False) -> None:
        shape = (len(channels), calendar.slots)
        self.channels = channels
        self.calendar = calendar
        self.values: Int32 = np.empty(shape, dtype=np.int32)
        self.quality: UInt8 = np.full(shape, Quality.MISSING, dtype=np.uint8)
        self.raw: Int32 | None = np.full(shape, ABSENT, dtype=np.int32) if raw else None
        self.revisions: Int64 = np.full((len(channels), calendar.days), NO_REVISION, dtype=np.int64)
        self.lengths: Int32 = np.full((len(channels), calendar.days), calendar.seconds, dtype=np.int32)

    def put(self, part: Stored, shown: Bool | None = None) -> None:
        """Put channel-days in (those marked in `shown`), in any order; the highest revision of each stays.

        One with another interval length leaves its slots missing and is told in the block's `other_lengths`.
        Raises ValueError when a channel-day has another number of slots than the calendar gives its day.
        """
        chosen, rows, days = self._newer(part, shown)
        self.revisions[rows, days] = part.revisions[chosen]
        self.lengths[rows, days] = part.seconds[chosen]
        fits = part.seconds[chosen] == self.calendar.seconds
        for row, day in zip(rows[~fits].tolist(), days[~fits].tolist(), strict=True):
            self.quality[row, self.calendar.firsts[day] : self.calendar.firsts[day + 1]] = Quality.MISSING
        self._check_widths(part, chosen[fits], days[fits])
        for run in self.calendar.runs:
            within = fits & (days >= run.days.start) & (days < run.days.stop)
            if within.any():
                at = (rows[within], days[within] - run.days.start)
                self._copy(part, part.offsets[chosen[within]], at, run.slots, run.width)

    def block(self) -> Block:
        missing = self.quality == MISSING
        self.values[missing] = ABSENT
        if self.raw is not None:
            self.raw[np.broadcast_to((self.revisions == NO_REVISION)[:, self.calendar.day_of], missing.shape)] = ABSENT
        others = tuple(
            OtherLength(int(self.channels[row]), self.calendar.day(day), int(self.lengths[row, day]))
            for row, day in np.argwhere(self.lengths != self.calendar.seconds).tolist()
        )
        return Block(self.channels, self.calendar, self.values, self.quality, self.revisions, self.raw, others)

    def _newer(self, part: Stored, shown: Bool | None) -> tuple[Int64, Int64, Int64]:
        """Positions in the part, and their rows and days in the block, of what the block has only older."""
        rows = np.searchsorted(self.channels, part.channels)
        days = part.days.astype(np.int64) - ordinal(self.calendar.period.start)
        inside = (rows < len(self.channels)) & (days >= 0) & (days < self.calendar.days)
        if shown is not None:
            inside &= shown
        inside[inside] = self.channels[rows[inside]] == part.channels[inside]
        inside[inside] = part.revisions[inside] > self.revisions[rows[inside], days[inside]]
        chosen = np.flatnonzero(inside)
        chosen = chosen[_newest(rows[chosen] * self.calendar.days + days[chosen], part.revisions[chosen])]
        return chosen, rows[chosen], days[chosen]

    def _check_widths(self, part: Stored, chosen: Int64, days: Int64) -> None:
        found = part.offsets[chosen + 1] - part.offsets[chosen]
        wrong = np.flatnonzero(found != np.diff(self.calendar.firsts)[days])
        if len(wrong):
            at = wrong[0]
            raise ValueError(
                f"channel {part.channels[chosen[at]]} has {found[at]} slots on {self.calendar.day(int(days[at]))},"
                f" which is not a day of {self.calendar.seconds} s intervals in {self.calendar.zone}:"
                " it was stored under another zone"
            )

    def _copy(self, part: Stored, begins: Int64, at: tuple[Int64, Int64], slots: slice, width: int) -> None:
        shape = (len(self.channels), -1, width)
        self.values[:, slots].reshape(shape)[at] = _rows(part.values, begins, width)
        self.quality[:, slots].reshape(shape)[at] = _rows(part.quality, begins, width)
        if self.raw is not None:
            assert part.raw is not None
            self.raw[:, slots].reshape(shape)[at] = _rows(part.raw, begins, width)


def _newest(keys: Int64, revisions: Int64) -> Int64:
    """Positions of the highest revision of each key, in ascending order of key."""
    order = np.lexsort((revisions, keys))
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = np.diff(keys[order]) != 0
    newest: Int64 = order[last]
    return newest


def _rows(flat: Slots, begins: Int64, width: int) -> Slots:
    """Rows of `width` at `begins` of a flat array; a view where they lie side by side."""
    low, high = int(begins.min()), int(begins.max()) + width
    if high - low == width * len(begins) and (np.diff(begins) == width).all():
        return flat[low:high].reshape(-1, width)
    steps, remainders = np.divmod(begins - low, width)
    if not remainders.any():
        return flat[low:high].reshape(-1, width)[steps]
    gathered: Slots = flat[begins[:, None] + np.arange(width)]
    return gathered
