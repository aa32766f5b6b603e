"""Readings become channel-days: each is laid on the slots of its local day, or kept out and said so.

Nothing is lost: the counts that came in are those on the grid, those kept out, and those dropped because an
identical reading was there. See docs/algorithms/interval-store.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.intervals.channeldays import ABSENT, LARGEST, MISSING, ChannelDays, offsets_of, stacked
from lamplighter.intervals.faults import Fault
from lamplighter.intervals.slots import DAY, EARLIEST, LATEST, local_midnights, slots_per_day
from lamplighter.kernel.energy import Quality

LONGEST = 25 * 3600
"""A reading is split among slots up to this many seconds, in a channel of less than a day."""

LONGEST_OF_DAYS = 31 * DAY + 3600
"""The same for a channel whose interval is the local day."""

SHARE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """n readings in any order: `channels` ids, `starts` epoch seconds, `seconds` durations, `counts` of the
    channel's measure, `quality` codes."""

    channels: Int64
    starts: Int64
    seconds: Int64
    counts: Int64
    quality: UInt8

    def __post_init__(self) -> None:
        assert len({len(self.channels), len(self.starts), len(self.seconds), len(self.counts), len(self.quality)}) == 1

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, which: slice | Bool | Int64) -> Readings:
        return Readings(
            self.channels[which], self.starts[which], self.seconds[which], self.counts[which], self.quality[which]
        )


def readings_of(
    channel: int, *, starts: Int64, counts: Int64, seconds: Int64 | int, quality: UInt8 | int = Quality.VALID
) -> Readings:
    """Readings of one channel; a single duration or quality stands for all."""
    shape = starts.shape
    return Readings(
        channels=np.broadcast_to(np.int64(channel), shape),
        starts=starts,
        seconds=np.broadcast_to(np.asarray(seconds, dtype=np.int64), shape),
        counts=counts,
        quality=np.broadcast_to(np.asarray(quality, dtype=np.uint8), shape),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Gridded:
    """Channel-days that have at least one reading, and per reading what became of it (`faults[n]`, Fault codes)."""

    days: ChannelDays
    faults: UInt8

    @property
    def duplicates(self) -> int:
        return int(np.count_nonzero(self.faults == Fault.DUPLICATE))

    @property
    def kept_out(self) -> Int64:
        """Positions of the readings that wait for a person."""
        waits = (self.faults >= Fault.INSTANT) & (self.faults <= Fault.CONFLICT) & (self.faults != Fault.DUPLICATE)
        return np.flatnonzero(waits)


def grid(readings: Readings, *, seconds: int, zone: ZoneInfo, longest: int | None = None) -> Gridded:
    """Lay readings of channels whose interval is `seconds` (86,400: the local day) on local days in `zone`.

    A reading of several whole intervals is split without losing a unit and becomes DERIVED; one of another
    length, off the slots, claimed by two different readings or too large is kept out. Of identical readings one
    stays. `findings_of` puts the faults into words.
    """
    if longest is None:
        longest = LONGEST_OF_DAYS if seconds == DAY else LONGEST
    assert longest <= LONGEST_OF_DAYS
    lattice = _lattice(readings, seconds, zone)
    shares = [_gridded(readings.take(share), lattice, longest) for share in _shares(readings.channels)]
    if len(shares) == 1:
        return shares[0]
    return Gridded(stacked([share.days for share in shares]), np.concatenate([share.faults for share in shares]))


def _shares(channels: Int64) -> list[slice]:
    """Readings in shares of whole channels that stay in the processor's cache, if they come ordered by channel."""
    steps = np.diff(channels)
    if len(channels) <= SHARE or (steps < 0).any():
        return [slice(0, len(channels))]
    bounds = np.append(np.flatnonzero(steps) + 1, len(channels))
    ends = np.unique(
        bounds[np.searchsorted(bounds, np.arange(SHARE, len(channels) + SHARE, SHARE)).clip(max=len(bounds) - 1)]
    )
    return [slice(int(a), int(b)) for a, b in pairwise([0, *ends.tolist()])]


def _gridded(readings: Readings, lattice: _Lattice, longest: int) -> Gridded:
    faults, first, pieces = _placed(readings, lattice, longest)
    while True:
        laid = _laid(readings, np.flatnonzero((faults == Fault.NONE) | (faults == Fault.SPLIT)), first, pieces)
        spread = _spread(laid, lattice)
        crowded = _crowded(laid, spread)
        if not len(crowded):
            return Gridded(_filled(laid, spread, lattice), faults)
        again = _repeated(readings, crowded)
        faults[again if len(again) else crowded] = Fault.DUPLICATE if len(again) else Fault.CONFLICT


@dataclass(frozen=True, slots=True, eq=False)
class _Lattice:
    """Where slots begin from the first local day on that any reading touches."""

    seconds: int
    first_day: int
    midnights: Int64
    firsts: Int64

    @property
    def days(self) -> int:
        return len(self.midnights) - 1

    def slot_at(self, instants: Int64) -> tuple[Int64, Bool]:
        """The slot that holds each instant, and whether the instant is its beginning."""
        if self.seconds == DAY:
            slots = np.searchsorted(self.midnights, instants, side="right") - 1
            return slots, self.midnights[slots] == instants
        since = instants - self.midnights[0]
        slots = since // self.seconds
        return slots, slots * self.seconds == since

    def pieces(self, starts: Int64, lengths: Int64, first: Int64) -> tuple[Int64, Bool]:
        """Over how many slots a reading runs, and whether that is a whole number."""
        if self.seconds != DAY:
            if (lengths == self.seconds).all():
                return np.ones_like(first), np.ones(len(first), dtype=np.bool_)
            count = lengths // self.seconds
            return count, count * self.seconds == lengths
        end, whole = self.slot_at(starts + lengths)
        off = starts != self.midnights[first]
        return end - first, whole | (off & (lengths == DAY))


def _lattice(readings: Readings, seconds: int, zone: ZoneInfo) -> _Lattice:
    low = int(np.clip(readings.starts.min(initial=LATEST), EARLIEST, LATEST))
    high = int(np.clip(readings.starts.max(initial=EARLIEST), EARLIEST, LATEST))
    first = low // DAY - 2
    count = max(high // DAY - first, 0) + LONGEST_OF_DAYS // DAY + 4
    midnights = local_midnights(zone, first, count)
    return _Lattice(seconds, first, midnights, offsets_of(slots_per_day(midnights, seconds)))


def _placed(readings: Readings, lattice: _Lattice, longest: int) -> tuple[UInt8, Int64, Int64]:
    """Per reading its fault so far, first slot and number of slots."""
    faults: UInt8 = np.zeros(len(readings), dtype=np.uint8)
    inside = (readings.starts >= EARLIEST) & (readings.starts < LATEST)
    sized = (readings.seconds > 0) & (readings.seconds <= longest)
    sane = inside & sized
    starts = np.where(sane, readings.starts, lattice.midnights[1])
    lengths = np.where(sane, readings.seconds, lattice.seconds)
    first, aligned = lattice.slot_at(starts)
    pieces, whole = lattice.pieces(starts, lengths, first)
    _mark(faults, pieces > 1, Fault.SPLIT)
    _mark(faults, ~_fit(readings.counts, pieces), Fault.TOO_LARGE)
    _mark(faults, ~aligned, Fault.MISALIGNED)
    _mark(faults, ~(whole & sized), Fault.DURATION)
    _mark(faults, ~inside, Fault.INSTANT)
    _mark(faults, readings.quality == MISSING, Fault.ABSENT)
    return faults, first, pieces


def _mark(faults: UInt8, where: Bool, fault: Fault) -> None:
    if where.any():
        faults[where] = fault


def _fit(counts: Int64, pieces: Int64) -> Bool:
    """Whether every share of a count, split into pieces, fits 32 bits."""
    fits: Bool = (counts >= -LARGEST) & (counts <= LARGEST)
    split = np.flatnonzero(~fits & (pieces > 1))
    least, rest = np.divmod(counts[split], pieces[split])
    fits[split] = (least >= -LARGEST) & (least + (rest > 0) <= LARGEST)
    return fits


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Accepted readings cut into slots: m pieces, each of reading `of`."""

    of: Int64
    channels: Int64
    slots: Int64
    counts: Int64
    quality: UInt8


def _laid(readings: Readings, kept: Int64, first: Int64, pieces: Int64) -> _Laid:
    chosen = readings if len(kept) == len(readings) else readings.take(kept)
    slots, share = first[kept], pieces[kept]
    if not len(kept) or share.max() == 1:
        return _Laid(kept, chosen.channels, slots, chosen.counts, chosen.quality)
    which = np.repeat(np.arange(len(kept)), share)
    piece = np.arange(len(which)) - np.repeat(offsets_of(share)[:-1], share)
    each, rest = np.divmod(chosen.counts, share)
    counts = each[which] + (piece < rest[which])
    quality = np.where(share > 1, np.uint8(Quality.DERIVED), chosen.quality)[which]
    return _Laid(kept[which], chosen.channels[which], slots[which] + piece, counts, quality)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """The channel-days that the pieces touch, and the place of each piece among their slots."""

    channels: Int64
    days: Int64
    offsets: Int64
    target: Int64


def _spread(laid: _Laid, lattice: _Lattice) -> _Spread:
    ids, position = _positions(laid.channels)
    day_of = np.repeat(np.arange(lattice.days), np.diff(lattice.firsts))
    keys = position * lattice.days + day_of[laid.slots]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    rows, row_of = np.unique(keys[begins], return_inverse=True)
    channels, days = np.divmod(rows, lattice.days)
    offsets = offsets_of(np.diff(lattice.firsts)[days])
    shift = (offsets[:-1] - lattice.firsts[days])[row_of]
    return _Spread(ids[channels], days, offsets, laid.slots + np.repeat(shift, np.diff(begins, append=len(keys))))


def _positions(channels: Int64) -> tuple[Int64, Int64]:
    """Distinct ids ascending, and of each reading the position of its own."""
    steps = np.flatnonzero(np.diff(channels)) + 1
    begins = np.concatenate(([0], steps)) if len(channels) else steps
    ids, of = np.unique(channels[begins], return_inverse=True)
    return ids, np.repeat(of, np.diff(begins, append=len(channels)))


def _crowded(laid: _Laid, spread: _Spread) -> Int64:
    """Readings that share a slot with another reading."""
    if (np.diff(spread.target) > 0).all():
        return np.empty(0, dtype=np.int64)
    claims = np.bincount(spread.target, minlength=int(spread.offsets[-1]))
    return np.unique(laid.of[claims[spread.target] > 1])


def _repeated(readings: Readings, crowded: Int64) -> Int64:
    """Of readings with the same channel, start, length and count all but the last given."""
    some = readings.take(crowded)
    order = np.lexsort((crowded, some.counts, some.seconds, some.starts, some.channels))
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in (some.channels, some.starts, some.seconds, some.counts):
        same &= np.diff(column[order]) == 0
    return crowded[order[:-1][same]]


def _filled(laid: _Laid, spread: _Spread, lattice: _Lattice) -> ChannelDays:
    values: Int32 = np.full(int(spread.offsets[-1]), ABSENT, dtype=np.int32)
    quality: UInt8 = np.full(len(values), Quality.MISSING, dtype=np.uint8)
    values[spread.target] = laid.counts
    quality[spread.target] = laid.quality
    days = (spread.days + lattice.first_day).astype(np.int32)
    return ChannelDays(lattice.seconds, spread.channels, days, spread.offsets, values, quality)
