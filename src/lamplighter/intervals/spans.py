"""Spans of time on a block's slots: when the power was out, when a point was served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Half-open spans of channels: `channels[n]` ids, `starts[n]` and `ends[n]` epoch seconds."""

    channels: Int64
    starts: Int64
    ends: Int64

    def __post_init__(self) -> None:
        assert len(self.channels) == len(self.starts) == len(self.ends)
        assert (self.starts <= self.ends).all(), "a span runs forwards"


NO_SPANS = Spans(*(np.empty(0, dtype=np.int64) for _ in range(3)))


def touched(block: Block, spans: Spans) -> Bool:
    """Slots (C, S) of which any part lies in a span of their channel."""
    edges = block.calendar.edges
    first = np.searchsorted(edges, spans.starts, side="right") - 1
    end = np.searchsorted(edges, spans.ends, side="left")
    return _painted(block, spans, first, np.where(spans.starts == spans.ends, first, end))


def covered(block: Block, spans: Spans) -> Bool:
    """Slots (C, S) that lie wholly in one span of their channel."""
    edges = block.calendar.edges
    first = np.searchsorted(edges, spans.starts, side="left")
    end = np.searchsorted(edges, spans.ends, side="right") - 1
    return _painted(block, spans, first, end)


def _painted(block: Block, spans: Spans, first: Int64, end: Int64) -> Bool:
    painted: Bool = np.zeros((len(block.channels), block.calendar.slots), dtype=np.bool_)
    rows = np.searchsorted(block.channels, spans.channels)
    for i in np.flatnonzero(rows < len(block.channels)).tolist():
        if block.channels[rows[i]] == spans.channels[i]:
            painted[rows[i], max(int(first[i]), 0) : max(int(end[i]), 0)] = True
    return painted
