"""Which data files of a table version may hold given channels, days and revisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.slots import day_at


@dataclass(frozen=True, slots=True, eq=False)
class FileIndex:
    """The files of one table version with the ranges (low, high) of channel, day and revision in each."""

    paths: tuple[str, ...]
    months: tuple[str, ...]
    sizes: Int64
    low: Int64  # (files, 3): channel, day since 1970-01-01, revision
    high: Int64

    def may_hold(self, *, channels: Int64 | None, days: tuple[int, int], watermark: int | None) -> list[str]:
        """Paths of files that may hold any of `channels` on days in `[first, end)`, up to a revision."""
        hit: Bool = (self.low[:, 1] < days[1]) & (self.high[:, 1] >= days[0])
        if watermark is not None:
            hit &= self.low[:, 2] <= watermark
        if channels is not None:
            after = np.searchsorted(channels, self.high[:, 0], side="right")
            hit &= after > np.searchsorted(channels, self.low[:, 0], side="left")
        return [self.paths[i] for i in np.flatnonzero(hit)]

    def of_month(self, month: str) -> list[int]:
        return [i for i, found in enumerate(self.months) if found == month]


def index_of(table: DeltaTable) -> FileIndex:
    """Read the index from the table's add actions, whose statistics the writer always gives."""
    actions: Any = pa.table(table.get_add_actions(flatten=True))
    if not actions.num_rows:
        empty = np.empty((0, 3), dtype=np.int64)
        return FileIndex((), (), np.empty(0, dtype=np.int64), empty, empty)
    return FileIndex(
        paths=tuple(actions.column("path").to_pylist()),
        months=tuple(actions.column("partition.month").to_pylist()),
        sizes=actions.column("size_bytes").to_numpy().astype(np.int64),
        low=_range(actions, "min"),
        high=_range(actions, "max"),
    )


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def month_of_ordinal(day: int) -> str:
    return month_of(day_at(day))


def _range(actions: Any, end: str) -> Int64:
    """Without Arrow's own functions: they take a twentieth of a second to load, in every process."""
    days = np.array(actions.column(f"{end}.day").to_pylist(), dtype="datetime64[D]")
    channels, revisions = (actions.column(f"{end}.{name}").to_numpy() for name in ("channel", "revision"))
    return np.stack([column.astype(np.int64) for column in (channels, days, revisions)], axis=1)
