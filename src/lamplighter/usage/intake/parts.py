"""Channel-days cut into parts that are worked on at once: near each other in time, and never too many for memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.slots import DAY, day_at
from lamplighter.kernel.periods import Period

REACH = 28
"""Days before and after a reading in which it matters: for gaps that it ends, and as a like day for estimates."""

MARGIN = REACH + 7
"""Days before and after that are read: a month between two register reads fits in."""

WIDE = REACH + MARGIN
"""Days before and after that are read for channels with gaps, so that every estimate in reach finds its like days."""

SLOTS = 2_000_000
"""How many slots are worked on at once, so that memory stays flat however large the file is."""


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """Per channel (ascending ids) the first and last local day, since 1970-01-01, that something new is about."""

    channels: Int64
    firsts: Int64
    lasts: Int64

    def __len__(self) -> int:
        return len(self.channels)

    @property
    def period(self) -> Period:
        return Period(day_at(int(self.firsts.min())), day_at(int(self.lasts.max()) + 1))

    def take(self, rows: Int64) -> Touched:
        return Touched(self.channels[rows], self.firsts[rows], self.lasts[rows])


def stretches(channels: Int64, days: Int64) -> Touched:
    """Channel-days (ordered) as stretches of a channel's days. Days so far apart that they can't touch each other's
    estimates begin a new one, so that a stray reading of 1990 does not make thirty years of it."""
    if not len(channels):
        return Touched(channels, days, days)
    apart = (np.diff(channels, prepend=-1) != 0) | (np.diff(days, prepend=days[0]) > 2 * WIDE)
    begins = np.flatnonzero(apart)
    return Touched(channels[begins], days[begins], days[np.append(begins[1:], len(days)) - 1])


def parts(touched: Touched, *, seconds: int, slots: int = SLOTS) -> Iterator[Touched]:
    """Stretches of like days together, a channel once in each part."""
    if not len(touched):
        return
    months = [column.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) for column in _bounds(touched)]
    order = np.lexsort((touched.channels, *months))
    cuts = np.flatnonzero(np.logical_or.reduce([np.diff(month[order], prepend=-1) != 0 for month in months]))
    for begin, end in zip(cuts.tolist(), np.append(cuts[1:], len(order)).tolist(), strict=True):
        for rows in _each_once(touched.channels, order[begin:end]):
            some = touched.take(rows)
            width = (some.period.days + 2 * WIDE) * (1 if seconds == DAY else DAY // seconds)
            step = max(slots // width, 1)
            for first in range(0, len(some), step):
                yield some.take(np.arange(first, min(first + step, len(some))))


def _bounds(touched: Touched) -> tuple[Int64, Int64]:
    return touched.firsts, touched.lasts


def _each_once(channels: Int64, rows: Int64) -> Iterator[Int64]:
    """Rows in rounds in which every channel occurs once: two stretches of one channel may lie in the same months."""
    while len(rows):
        chosen = np.zeros(len(rows), dtype=np.bool_)
        chosen[np.unique(channels[rows], return_index=True)[1]] = True
        yield rows[chosen][np.argsort(channels[rows[chosen]])]
        rows = rows[~chosen]
