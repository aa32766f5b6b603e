"""Maximum demand: the largest amount in a window of minutes, when it was, and whether it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32, Int64, UInt8
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ABSENT, MISSING, estimated
from lamplighter.intervals.measuring import Periods, chunks
from lamplighter.intervals.slots import DAY

WINDOWS = (5, 15, 30, 60)
NONE = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Per channel and period (C, K): the highest window, if any window was whole.

    `amounts` counts in that window, `found` whether there was one, `starts` its instant (epoch seconds), `estimated`
    whether an estimate is in it. `windows[K]` how many windows the calendar has, `whole[C,K]` how many of them had
    every slot: a peak may hide in the others.
    """

    channels: Int64
    minutes: int
    found: Bool
    amounts: Int64
    starts: Int64
    estimated: Bool
    windows: Int64
    whole: Int64

    @property
    def rates(self) -> Int64:
        """Demand in counts per hour: kW when counts are kWh. Exact, since 60 is a multiple of the window."""
        return self.amounts * (60 // self.minutes)


def peaks(
    block: Block,
    periods: Periods,
    *,
    minutes: int,
    count: int | None = None,
    sliding: bool = False,
    measured_only: bool = False,
) -> Peaks:
    """The highest demand in windows of 5, 15, 30 or 60 minutes whose every slot is in the period.

    Windows lie side by side from local midnight; `sliding` ones begin at every slot. A window with a missing slot
    is no candidate; with `measured_only`, nor is one with an estimate. The earliest of equal peaks is told.
    Raises ValueError when the channels' interval does not divide the window.
    """
    width = _slots_in_window(block, minutes)
    step = 1 if sliding else width
    eligible = [_windows_within(mask, width, step) for mask in _masks(periods, count)]
    shape = (len(block.channels), len(eligible))
    amounts, slots = np.full(shape, NONE), np.zeros(shape, dtype=np.int64)
    whole = np.zeros(shape, dtype=np.int64)
    for rows in chunks(block):
        totals, broken = _windows(block, rows, width, step, measured_only=measured_only)
        for k, windows in enumerate(eligible):
            if len(windows):
                part = totals if len(windows) == totals.shape[1] else totals.take(windows, axis=1)
                best = part.argmax(axis=1)
                amounts[rows, k] = np.take_along_axis(part, best[:, None], axis=1)[:, 0]
                slots[rows, k] = windows[best] * step
                whole[rows, k] = len(windows) - (0 if broken is None else broken[:, windows].sum(axis=1))
    found: Bool = whole > 0
    window = slots[:, :, None] + np.arange(width)
    quality = np.take_along_axis(block.quality[:, None, :], window, axis=2) if slots.size else window.astype(np.uint8)
    return Peaks(
        channels=block.channels,
        minutes=minutes,
        found=found,
        amounts=np.where(found, amounts, 0),
        starts=np.where(found, block.calendar.starts[slots], 0),
        estimated=found & estimated(quality).any(axis=2),
        windows=np.array([len(windows) for windows in eligible], dtype=np.int64),
        whole=whole,
    )


def _slots_in_window(block: Block, minutes: int) -> int:
    seconds = block.calendar.seconds
    if minutes not in WINDOWS:
        raise ValueError(f"demand is measured in windows of {WINDOWS} minutes, not {minutes}")
    if seconds == DAY or minutes * 60 % seconds:
        raise ValueError(f"intervals of {seconds} s cannot tell the demand in {minutes} minutes")
    width = minutes * 60 // seconds
    if any(run.width % width for run in block.calendar.runs):
        raise ValueError(f"local days in {block.calendar.zone} are not whole windows of {minutes} minutes")
    return width


def _masks(periods: Periods, count: int | None) -> list[Bool]:
    if periods.dtype == np.bool_:
        return list(periods)
    kinds = int(periods.max(initial=-1)) + 1 if count is None else count
    return [periods == code for code in range(kinds)]


def _windows_within(mask: Bool, width: int, step: int) -> Int64:
    """Numbers of the windows whose every slot is in the mask."""
    if len(mask) < width:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.lib.stride_tricks.sliding_window_view(mask, width)[::step].all(axis=1))


def _windows(
    block: Block, rows: slice, width: int, step: int, *, measured_only: bool
) -> tuple[Int64 | Int32, Bool | None]:
    """The amount of each window (rows, W), which windows are broken (None: none is). A broken one has less than any
    whole one: the value of a missing slot where windows are slots, else NONE."""
    values, quality = block.values[rows], block.quality[rows]
    bad = quality == MISSING
    if measured_only:
        bad |= estimated(quality)
    if width == 1:
        if not bad.any():
            return values, None
        return np.where(bad, np.int32(ABSENT), values), bad
    totals = _folded(values, width, step)
    if not bad.any():
        return totals, None
    broken = _folded(bad.view(np.uint8), width, step) > 0
    totals[broken] = NONE
    return totals, broken


def _folded(values: Int32 | UInt8, width: int, step: int) -> Int64:
    """Sums of `width` slots from every `step`-th on."""
    windows = (values.shape[1] - width) // step + 1
    total: Int64 = values[:, : (windows - 1) * step + 1 : step].astype(np.int64)
    for offset in range(1, width):
        total += values[:, offset : offset + (windows - 1) * step + 1 : step]
    return total
