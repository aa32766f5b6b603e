"""The dense form of intervals: channels by slots over a run of local days, on which every kernel works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.intervals.channeldays import MISSING, ChannelDays, estimated, offsets_of
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.periods import Period

NO_REVISION = -1
Slots = TypeVar("Slots", Int32, UInt8)


@dataclass(frozen=True, slots=True)
class OtherLength:
    """A channel-day that is stored with another interval length than the block's; its slots are missing here."""

    channel: int
    day: date
    seconds: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """C channels (ascending ids) by the S slots and D days of a calendar.

    `values[C,S]` counts of the channels' measures, ABSENT where missing; `quality[C,S]` kernel Quality codes;
    `revisions[C,D]` the revision that each channel-day came from, NO_REVISION where nothing is stored;
    `raw[C,S]`, when asked for, the values before validation.
    """

    channels: Int64
    calendar: SlotCalendar
    values: Int32
    quality: UInt8
    revisions: Int64
    raw: Int32 | None = None
    other_lengths: tuple[OtherLength, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.channels), self.calendar.slots)
        assert self.values.shape == self.quality.shape == shape
        assert self.revisions.shape == (len(self.channels), self.calendar.days)
        assert (np.diff(self.channels) > 0).all(), "channels ascend, none twice"

    @property
    def present(self) -> Bool:
        present: Bool = self.quality != MISSING
        return present

    @property
    def estimated(self) -> Bool:
        return estimated(self.quality)

    def known(self) -> Int32:
        """The values with nought for what is missing: for sums whose coverage is reported beside them."""
        return np.where(self.present, self.values, np.int32(0))

    def day_totals(self) -> Int64:
        """Exact sums (C, D) of what is present."""
        return by_day(self.calendar, self.known())

    def whole_days(self) -> Bool:
        """Which channel-days (C, D) have every slot."""
        whole: Bool = by_day(self.calendar, self.quality == MISSING) == 0
        return whole

    def take(self, rows: slice | Bool | Int64) -> Block:
        return replace(
            self,
            channels=self.channels[rows],
            values=self.values[rows],
            quality=self.quality[rows],
            revisions=self.revisions[rows],
            raw=None if self.raw is None else self.raw[rows],
        )

    def window(self, period: Period) -> Block:
        """The part of the block within `period`, without copying."""
        shared = self.calendar.period & period
        assert shared is not None, f"{period} is outside {self.calendar.period}"
        inner = part_of(self.calendar, shared)
        slots = self.calendar.slots_within(shared)
        first = (shared.start - self.calendar.period.start).days
        return replace(
            self,
            calendar=inner,
            values=self.values[:, slots],
            quality=self.quality[:, slots],
            revisions=self.revisions[:, first : first + inner.days],
            raw=None if self.raw is None else self.raw[:, slots],
        )

    def channel_days(self, only: Bool | None = None) -> ChannelDays:
        """The block as channel-days: those marked in `only` (C, D), by default those with any reading."""
        calendar = self.calendar
        widths = np.diff(calendar.firsts)
        chosen = _any_by_day(calendar, self.present) if only is None else only
        rows, days = np.nonzero(chosen)
        slots = None if chosen.all() else chosen[:, calendar.day_of]
        return ChannelDays(
            seconds=calendar.seconds,
            channels=self.channels[rows],
            days=calendar.ordinals[days],
            offsets=offsets_of(widths[days]),
            values=_flat(self.values, slots),
            quality=_flat(self.quality, slots),
            raw=None if self.raw is None else _flat(self.raw, slots),
        )


def _any_by_day(calendar: SlotCalendar, marks: Bool) -> Bool:
    """Which local days (C, D) have any of the marks (C, S)."""
    found: Bool = np.empty((len(marks), calendar.days), dtype=np.bool_)
    for run in calendar.runs:
        marks[:, run.slots].reshape(len(marks), -1, run.width).any(axis=2, out=found[:, run.days])
    return found


def by_day(calendar: SlotCalendar, values: Int32 | Bool) -> Int64:
    """Exact sums per local day: (C, S) to (C, D)."""
    totals: Int64 = np.empty((len(values), calendar.days), dtype=np.int64)
    for run in calendar.runs:
        folded = values[:, run.slots].reshape(len(values), -1, run.width)
        folded.sum(axis=2, dtype=np.int64, out=totals[:, run.days])
    return totals


def part_of(calendar: SlotCalendar, period: Period) -> SlotCalendar:
    """The calendar of some of a calendar's days."""
    if period == calendar.period:
        return calendar
    slots = calendar.slots_within(period)
    inner = slot_calendar(period, seconds=calendar.seconds, zone=calendar.zone)
    return replace(inner, holidays=calendar.holidays[slots])


def _flat(values: Slots, slots: Bool | None) -> Slots:
    return values.reshape(-1) if slots is None else values[slots]
