"""Energy by period and its coverage, for many channels at once: exact sums of whole numbers.

Periods are given by slot, since tariffs speak of the local clock: either one small code per slot (-1: in none), or
any number of masks that may overlap. A missing slot adds nothing and is counted; nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from lamplighter.intervals.arrays import Bool, Int8, Int16, Int32, Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import MISSING, estimated

Periods = Int8 | Int16 | Int32 | Int64 | Bool
"""Codes per slot (S; -1 is in no period), or masks (K, S)."""

CHUNK_SLOTS = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Numbers of slots: `expected[K]` by the calendar, and per channel (C, K) those `missing` and `estimated`."""

    expected: Int64
    missing: Int64
    estimated: Int64

    @property
    def present(self) -> Int64:
        """Slots with a value, estimates among them (C, K)."""
        return self.expected - self.missing

    @property
    def complete(self) -> Bool:
        """Where nothing is missing (C, K)."""
        complete: Bool = self.missing == 0
        return complete


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """`totals[C,K]` counts of the channels' measures; of them `estimated[C,K]` are estimates."""

    channels: Int64
    totals: Int64
    estimated: Int64
    coverage: Coverage


def sums(block: Block, periods: Periods, *, count: int | None = None) -> Sums:
    """Exact sums per channel and period in one pass over the block.

    `count` is the number of codes (default: the highest plus one); masks bring their own number.
    """
    assert block.calendar.slots < 1 << 31, "an int64 cannot overflow: values are below 2^31"
    codes, members = _codes(periods, count)
    runs = _CodeRuns(codes, len(members))
    shape = (len(block.channels), len(members))
    totals, estimates, missing, guessed = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    for rows in chunks(block):
        values, quality = block.values[rows], block.quality[rows]
        absent = quality == MISSING
        if absent.any():
            values = np.where(absent, np.int32(0), values)
            runs.add(absent.view(np.uint8), missing[rows])
        runs.add(values, totals[rows])
        guesses = estimated(quality)
        if guesses.any():
            runs.add(guesses.view(np.uint8), guessed[rows])
            runs.add(np.where(guesses, values, np.int32(0)), estimates[rows])
    expected = np.bincount(codes[codes >= 0], minlength=len(members)).astype(np.int64)
    return Sums(
        channels=block.channels,
        totals=totals @ members,
        estimated=estimates @ members,
        coverage=Coverage(expected @ members, missing @ members, guessed @ members),
    )


def totals(block: Block, mask: Bool) -> Int64:
    """Exact sums per channel (C) over the slots of one mask, with nothing said of coverage."""
    codes, members = _codes(mask[None, :], None)
    runs, found = _CodeRuns(codes, len(members)), np.zeros((len(block.channels), len(members)), dtype=np.int64)
    for rows in chunks(block):
        values, absent = block.values[rows], block.quality[rows] == MISSING
        runs.add(np.where(absent, np.int32(0), values) if absent.any() else values, found[rows])
    within: Int64 = (found @ members)[:, 0]
    return within


def chunks(block: Block) -> Iterator[slice]:
    """Rows in shares that stay in the processor's cache."""
    step = max(CHUNK_SLOTS // max(block.calendar.slots, 1), 1)
    for begin in range(0, len(block.channels), step):
        yield slice(begin, begin + step)


class _CodeRuns:
    """Slots fall into runs of one code; runs are summed where they lie, then brought together by code."""

    def __init__(self, codes: Int64, count: int) -> None:
        starts = np.flatnonzero(np.diff(codes, prepend=-2))
        order = np.argsort(codes[starts], kind="stable")
        sorted_codes = codes[starts][order]
        self.starts = starts
        self.order = order[sorted_codes >= 0]
        self.codes, self.begins = np.unique(sorted_codes[sorted_codes >= 0], return_index=True)
        assert not len(self.codes) or self.codes[-1] < count, "a code beyond the count"

    def add(self, values: Int32 | npt.NDArray[np.uint8], into: Int64) -> None:
        if len(self.codes):
            runs = np.add.reduceat(values, self.starts, axis=1, dtype=np.int64)[:, self.order]
            into[:, self.codes] += np.add.reduceat(runs, self.begins, axis=1)


def _codes(periods: Periods, count: int | None) -> tuple[Int64, Int64]:
    """One code per slot, and which periods (K) each code is a member of: 0 or 1, (codes, K)."""
    if periods.dtype != np.bool_:
        codes = periods.astype(np.int64)
        kinds = int(codes.max(initial=-1)) + 1 if count is None else count
        return codes, np.eye(kinds, dtype=np.int64)
    masks = cast(Bool, periods)
    if len(masks) == 1:  # the usual question
        return masks[0].astype(np.int64), np.array([[0], [1]])
    patterns, of = np.unique(masks, axis=1, return_inverse=True)
    members = patterns.T.astype(np.int64)
    return of.reshape(-1).astype(np.int64), members
