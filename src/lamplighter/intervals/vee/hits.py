"""Where a rule fired: runs of slots, with what was measured and the threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.slots import SlotCalendar


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """h hits: block `rows[h]`, slots `firsts[h]:ends[h]`, `measured[h]` against `thresholds[h]`."""

    rows: Int64
    firsts: Int64
    ends: Int64
    measured: Int64
    thresholds: Int64

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, which: Bool | Int64) -> Hits:
        return Hits(
            self.rows[which], self.firsts[which], self.ends[which], self.measured[which], self.thresholds[which]
        )


def hits(rows: Int64, firsts: Int64, ends: Int64, *, measured: Int64, threshold: Int64 | int) -> Hits:
    return Hits(rows, firsts, ends, measured, np.broadcast_to(np.asarray(threshold, dtype=np.int64), rows.shape))


def no_hits() -> Hits:
    nothing = np.empty(0, dtype=np.int64)
    return Hits(nothing, nothing, nothing, nothing, nothing)


def runs(marks: Bool, *, least: int = 1) -> tuple[Int64, Int64, Int64]:
    """Runs of at least `least` marked columns: row, first, end of each."""
    some = np.flatnonzero(marks.any(axis=1))
    if not len(some):
        return some, some, some
    padded = np.zeros((len(some), marks.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = marks[some]
    steps = np.diff(padded, axis=1)
    rows, firsts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    long = ends - firsts >= least
    return some[rows[long]], firsts[long], ends[long]


def has_run(marks: Bool, least: int) -> Bool:
    """Rows with `least` marked columns in a row. Cheap: the marks are worn away by doubling."""
    worn, width = marks, 1
    while width < least and worn.shape[1]:
        step = min(width, least - width)
        worn = worn[:, step:] & worn[:, :-step]
        width += step
    some: Bool = np.asarray(worn.any(axis=1))
    return some


def day_runs(marks: Bool, calendar: SlotCalendar, *, least: int = 1) -> tuple[Int64, Int64, Int64, Int64]:
    """Runs of marked days (C, D): row, first slot, last slot's end, number of days."""
    rows, firsts, ends = runs(marks, least=least)
    return rows, calendar.firsts[firsts], calendar.firsts[ends], ends - firsts
