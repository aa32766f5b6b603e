"""What is known beside the readings of some channels: who was served, when power was off, what registers said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.estimation.gaps import Chosen
from lamplighter.intervals.registers import NO_READS, RegisterDifferences
from lamplighter.intervals.scopes import codes_of
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.intervals.spans import NO_SPANS, Spans, covered, touched
from lamplighter.intervals.vee.groups import SHIPPED, Group, Role
from lamplighter.intervals.vee.subject import Texts
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.rating.hours import Clock
from lamplighter.usage.intake.laying import Setup


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """n pairs of neighbouring exact register reads: interval channel, epoch seconds of both, the difference and one
    register unit in counts of the interval channel."""

    channels: Int64
    starts: Int64
    ends: Int64
    totals: Int64
    units: Int64

    def __len__(self) -> int:
        return len(self.channels)

    def spans(self) -> list[tuple[int, int]]:
        """The distinct spans between reads, in order."""
        return sorted(set(zip(self.starts.tolist(), self.ends.tolist(), strict=True)))

    def between(self, block: Block, start: int, end: int) -> RegisterDifferences | None:
        """The differences of a block's channels over one span; None when the span is not one of the block's slots."""
        first, last = block.calendar.bounds_at(np.array([start, end], dtype=np.int64)).tolist()
        if first < 0 or last < 0:
            return None
        mine = np.flatnonzero((self.starts == start) & (self.ends == end))
        rows = np.searchsorted(block.channels, self.channels[mine])
        inside = rows < len(block.channels)
        inside[inside] = block.channels[rows[inside]] == self.channels[mine][inside]
        mine, rows = mine[inside], rows[inside]
        if not len(rows):
            return None
        firsts, ends, totals, units = (np.zeros(len(block.channels), dtype=np.int64) for _ in range(4))
        firsts[:] = NO_READS
        firsts[rows], ends[rows], totals[rows], units[rows] = first, last, self.totals[mine], self.units[mine]
        return RegisterDifferences(firsts, ends, totals, units)


NO_PAIRS = Pairs(*(np.empty(0, dtype=np.int64) for _ in range(5)))


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """Pairs of reads of registers that count only in one period of a time-of-use clock."""

    clock: Clock
    name: str
    pairs: Pairs

    def counted(self, calendar: SlotCalendar) -> Bool:
        """The slots (S) in which they count."""
        counted: Bool = codes_of(calendar, self.clock) == self.clock.names.index(self.name)
        return counted


@dataclass(frozen=True, slots=True)
class Use:
    """Days on which a channel measured the use of one account."""

    period: Period
    account: int
    customer_class: str


@dataclass(frozen=True, slots=True)
class Party:
    """Whose use a channel measured, in order of time; with the meter and the channel's name."""

    badge: str
    name: str
    uses: tuple[Use, ...] = ()

    @property
    def customer_class(self) -> str:
        """Of the last account; empty where nobody had service."""
        return self.uses[-1].customer_class if self.uses else ""

    def account_in(self, days: Period) -> int | None:
        """The last account whose use was measured on some of these days; nobody answers for days before they came."""
        return next((use.account for use in reversed(self.uses) if use.period.overlaps(days)), None)


def _no_profile(_: str, calendar: SlotCalendar) -> Int64:
    return np.zeros(calendar.slots, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Spans of channels: `served` (installed, under an agreement), `off` (switched off), `outages` (power known to be
    out); `pairs` of register reads, `timed` those of registers by time of use; `parties` by channel; `groups` are the
    rules in force by role, `chosen` how gaps are filled best, `degrees` the days' mean temperatures where that goes by
    them; `profile` tells what others of a class used, by slot (S) of a calendar."""

    setup: Setup
    served: Spans = NO_SPANS
    off: Spans = NO_SPANS
    outages: Spans = NO_SPANS
    pairs: Pairs = NO_PAIRS
    timed: tuple[Timed, ...] = ()
    parties: dict[int, Party] = field(default_factory=dict)
    groups: Mapping[Role, Group] = field(default_factory=lambda: SHIPPED)
    chosen: Chosen = field(default_factory=dict)
    degrees: Mapping[date, float] = field(default_factory=dict)
    profile: Callable[[str, SlotCalendar], Int64] = _no_profile

    def classes(self, block: Block) -> Texts:
        """The customer class (C) whose use each channel measured; empty where nobody has service."""
        parties = [self.parties.get(channel) for channel in block.channels.tolist()]
        return np.array([party.customer_class if party else "" for party in parties], dtype=np.str_)

    def is_served(self, block: Block) -> Bool:
        """Slots (C, S) that lie wholly within service and wholly out of times when the switch was off."""
        served: Bool = covered(block, self.served) & ~touched(block, self.off)
        return served

    def is_out(self, block: Block) -> Bool:
        return touched(block, self.outages)

    @property
    def dark(self) -> Spans:
        """Without power nothing is used: outages, and while the switch was off."""
        if not len(self.off.channels):
            return self.outages
        return Spans(
            np.concatenate([self.outages.channels, self.off.channels]),
            np.concatenate([self.outages.starts, self.off.starts]),
            np.concatenate([self.outages.ends, self.off.ends]),
        )


def spans_of(rows: list[tuple[int, Span]], *, until: int) -> Spans:
    """Channels with their spans as arrays; an open span runs `until`."""
    return Spans(
        np.array([channel for channel, _ in rows], dtype=np.int64),
        np.array([int(span.start.timestamp()) for _, span in rows], dtype=np.int64),
        np.array([int(span.end.timestamp()) if span.end else until for _, span in rows], dtype=np.int64),
    )
