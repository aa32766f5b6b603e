"""Readings of a file by setup, handed out in parts that are weighed one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.metering.models import Channel
from lamplighter.usage.intake.laying import Lot, Setup, setup_of
from lamplighter.usage.intake.parts import Touched, parts, stretches


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Channels of one setup with the days that something new is about; `days` has their readings, if any came."""

    setup: Setup
    touched: Touched
    days: ChannelDays | None


@dataclass(slots=True)
class Pile:
    """`lots` of readings, and days of other channels that must be `revisited`: a register read came there."""

    lots: list[Lot] = field(default_factory=list)
    revisited: dict[Setup, list[tuple[int, int]]] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def revisit(self, channel: Channel, day: int) -> None:
        self.channels[channel.pk] = channel
        self.revisited.setdefault(setup_of(channel), []).append((channel.pk, day))

    def parts(self) -> Iterator[Part]:
        """Every part; lots of the same setup do not share a channel."""
        days = {lot.setup: lot.days for lot in self.lots}
        for setup in {**days, **self.revisited}:
            upper = days.get(setup)
            for touched in parts(_touched(upper, self.revisited.get(setup, ())), seconds=setup.seconds):
                yield Part(setup, touched, None if upper is None else _within(upper, touched))


def _touched(upper: ChannelDays | None, others: Iterable[tuple[int, int]]) -> Touched:
    rows: Int64 = np.array(list(others), dtype=np.int64).reshape(-1, 2)
    if upper is not None:
        rows = np.concatenate([rows, np.stack((upper.channels, upper.days.astype(np.int64)), axis=1)])
    rows = np.unique(rows, axis=0)
    return stretches(rows[:, 0], rows[:, 1])


def _within(days: ChannelDays, touched: Touched) -> ChannelDays | None:
    """The readings of some channels on the days that are touched."""
    at = np.searchsorted(touched.channels, days.channels)
    inside = at < len(touched)
    at = np.where(inside, at, 0)
    inside &= touched.channels[at] == days.channels
    inside &= (days.days >= touched.firsts[at]) & (days.days <= touched.lasts[at])
    return days.take(inside) if inside.any() else None
