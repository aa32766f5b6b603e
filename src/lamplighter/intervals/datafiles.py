"""Parquet files of channel-days: how they are written, and how few of their bytes are read.

Rows are ordered by channel, day and revision and cut into row groups that hold whole channels, so that the range of
channels in a group's statistics finds them. Whole numbers are DELTA_BINARY_PACKED (DuckDB cannot read
BYTE_STREAM_SPLIT of int32), all is zstd: of quality codes hardly anything is left.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from lamplighter.intervals.arrays import Int32, Int64
from lamplighter.intervals.arrowrows import SCHEMA, rows_of, table_of
from lamplighter.intervals.filling import Stored
from lamplighter.intervals.slots import ordinal
from lamplighter.intervals.threads import ahead

PACKED = ("channel", "day", "revision", "seconds", "values.list.element", "raw.list.element")
GROUP_ROWS = 3_000
AT_ONCE = 6
"""How many row groups a thread decodes at a time."""
FEW, KEPT = 2, 24
RANGED = ("channel", "day", "revision")


@dataclass(frozen=True, slots=True)
class Written:
    """A data file that exists, not yet committed. `low` and `high` are the ranges of the RANGED columns."""

    path: str
    month: str
    size: int
    modified: int  # milliseconds since 1970
    rows: int
    low: tuple[int, int, int]
    high: tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class DataFiles:
    """The folder of a table. `local` is its path when it is on this machine: then files are synced to disk."""

    filesystem: pafs.FileSystem
    local: Path | None
    _open: dict[str, _Footer] = field(default_factory=dict)
    _lately: OrderedDict[tuple[str, tuple[int, ...], bool], list[Stored]] = field(default_factory=OrderedDict)

    def write(self, rows: Stored, *, path: str, month: str) -> Written:
        """Write rows that are ordered by channel, day and revision."""
        assert len(rows.channels)
        if self.local is not None:
            (self.local / path).parent.mkdir(parents=True, exist_ok=True)
        table = table_of(rows)
        with pq.ParquetWriter(
            path,
            SCHEMA,
            filesystem=self.filesystem,
            compression="zstd",
            compression_level=1,
            use_dictionary=False,
            column_encoding=dict.fromkeys(PACKED, "DELTA_BINARY_PACKED"),
            write_statistics=list(RANGED),
        ) as writer:
            for begin, end in cut(rows.channels, GROUP_ROWS):
                writer.write_table(table.slice(begin, end - begin), row_group_size=end - begin)
        self._sync(path)
        found = self.filesystem.get_file_info(path)
        low, high = ((int(f(rows.channels)), int(f(rows.days)), int(f(rows.revisions))) for f in (np.min, np.max))
        return Written(path, month, found.size, int((found.mtime_ns or 0) // 1_000_000), len(rows.channels), low, high)

    def read(self, path: str, *, channels: Int64 | None, days: tuple[int, int], raw: bool = False) -> Iterator[Stored]:
        """The rows of the row groups that may hold any of `channels` (None: all) on days in `[first, end)`.

        Groups are read whole: rows of other channels and days may come with them. The few that one page or one cycle
        needs are kept for a while, since the next will need them too; a file is never changed.
        """
        footer = self._footer(path)
        groups = footer.groups(channels, days)
        if 0 < len(groups) <= FEW:
            yield from self._kept(path, tuple(groups), raw)
        elif groups:
            parts = [groups[begin : begin + AT_ONCE] for begin in range(0, len(groups), AT_ONCE)]
            for decoded in ahead(lambda part: list(self._decoded(path, part, raw)), parts):
                yield from decoded

    def _kept(self, path: str, groups: tuple[int, ...], raw: bool) -> list[Stored]:  # noqa: FBT001 - a part of the key
        key = (path, groups, raw)
        rows = self._lately.pop(key, None) or list(self._decoded(path, groups, raw))
        self._lately[key] = rows
        if len(self._lately) > KEPT:
            self._lately.popitem(last=False)
        return rows

    def _decoded(self, path: str, groups: Sequence[int], raw: bool) -> Iterator[Stored]:  # noqa: FBT001 - as above
        footer = self._footer(path)
        columns = ["channel", "day", "revision", "seconds", "values", "quality", *(["raw"] if raw else [])]
        with pq.ParquetFile(path, filesystem=self.filesystem, metadata=footer.metadata, pre_buffer=True) as file:
            for batch in file.iter_batches(batch_size=8_192, row_groups=list(groups), columns=columns):
                yield rows_of(batch, raw=raw)

    def read_keys(self, path: str) -> tuple[Int64, Int32, Int64, Int32]:
        """Channel, day, revision and seconds of every row of a file."""
        columns = ["channel", "day", "revision", "seconds"]
        with pq.ParquetFile(path, filesystem=self.filesystem, metadata=self._footer(path).metadata) as file:
            table = file.read(columns)
        channels, days, revisions, seconds = (table.column(name) for name in columns)
        return (
            channels.to_numpy(),
            days.cast(pa.int32()).to_numpy(),
            revisions.to_numpy(),
            seconds.to_numpy(),
        )

    def sync_folder(self, folder: str) -> None:
        """Make the names in a local folder durable."""
        if self.local is not None:
            _sync_to_disk(self.local / folder)

    def _sync(self, path: str) -> None:
        if self.local is not None:
            _sync_to_disk(self.local / path)
            _sync_to_disk((self.local / path).parent)
            _sync_to_disk(self.local)

    def _footer(self, path: str) -> _Footer:
        if path not in self._open:
            if len(self._open) >= 256:
                self._open.pop(next(iter(self._open)))
            self._open[path] = _footer(pq.read_metadata(path, filesystem=self.filesystem))
        return self._open[path]


@dataclass(frozen=True, slots=True, eq=False)
class _Footer:
    """A file's metadata and the ranges of channel and day of its row groups."""

    metadata: pq.FileMetaData
    low: Int64  # (groups, 2)
    high: Int64

    def groups(self, channels: Int64 | None, days: tuple[int, int]) -> list[int]:
        hit = (self.low[:, 1] < days[1]) & (self.high[:, 1] >= days[0])
        if channels is not None:
            after = np.searchsorted(channels, self.high[:, 0], side="right")
            hit &= after > np.searchsorted(channels, self.low[:, 0], side="left")
        found: list[int] = np.flatnonzero(hit).tolist()
        return found


def _footer(metadata: pq.FileMetaData) -> _Footer:
    low, high = [], []
    for group in range(metadata.num_row_groups):
        channel, day = (metadata.row_group(group).column(column).statistics for column in (0, 1))
        assert channel is not None
        assert day is not None
        low.append((channel.min, ordinal(cast(date, day.min))))
        high.append((channel.max, ordinal(cast(date, day.max))))
    return _Footer(metadata, np.array(low, dtype=np.int64), np.array(high, dtype=np.int64))


def cut(channels: Int64, rows: int) -> list[tuple[int, int]]:
    """Cut rows ordered by channel into shares of `rows` and a few more; no channel is in two."""
    last = np.flatnonzero(np.diff(channels, append=channels[-1] + 1)) + 1
    cuts = [0]
    while cuts[-1] < len(channels):
        at = np.searchsorted(last, cuts[-1] + rows)
        cuts.append(int(last[min(int(at), len(last) - 1)]))
    return list(pairwise(cuts))


def _sync_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
