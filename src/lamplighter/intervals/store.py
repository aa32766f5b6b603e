"""The interval table: channel-days by revision in a Delta table, appended, never merged over.

A reader sees, of each channel-day, the newest revision that PostgreSQL has published. See
docs/algorithms/interval-store.md for the order of commits and what a crash leaves behind.
"""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.fs as pafs
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import CommitProperties, Transaction

from lamplighter.intervals import commits
from lamplighter.intervals.appended import Appended, RevisionTaken
from lamplighter.intervals.arrays import Int32, Int64, UInt8
from lamplighter.intervals.arrowrows import TABLE_SCHEMA
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ABSENT, MISSING, ChannelDays, joined
from lamplighter.intervals.datafiles import DataFiles, Written, cut
from lamplighter.intervals.fileindex import FileIndex, index_of, month_of_ordinal
from lamplighter.intervals.filling import Filling, Stored, stored
from lamplighter.intervals.lean import leave_pandas_out
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import SlotCalendar, day_at, ordinal
from lamplighter.intervals.threads import ahead, threads
from lamplighter.kernel.periods import Period

leave_pandas_out()
FILE_ROWS, FEWEST_ROWS = 500_000, 10_000
"""The most rows of a file, and the fewest where several are written at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """One revision of a channel-day, as history shows it: `raw` is what came in before validation."""

    revision: int
    published: bool
    seconds: int
    values: Int32
    quality: UInt8
    raw: Int32


class IntervalStore:
    """An interval table at a local path or a URI. One process or thread each; never fork with one open."""

    def __init__(self, uri: str | Path, *, options: Mapping[str, str] | None = None) -> None:
        self._table = DeltaTable(str(uri), storage_options=None if options is None else dict(options))
        self.files = _files(self._table, options)
        self._process = os.getpid()
        self._index: FileIndex | None = None
        self._seen: Published | None = None

    @classmethod
    def create(cls, uri: str | Path, *, options: Mapping[str, str] | None = None) -> IntervalStore:
        """Make an empty table, or open the one that is there."""
        told = None if options is None else dict(options)
        if not DeltaTable.is_deltatable(str(uri), storage_options=told):  # as it nearly always is, at a look
            with suppress(CommitFailedError):  # somebody else made it at the same moment: open theirs
                DeltaTable.create(
                    str(uri),
                    schema=TABLE_SCHEMA,
                    mode="ignore",
                    partition_by=["month"],
                    configuration=commits.CONFIGURATION,
                    commit_properties=CommitProperties(max_commit_retries=0),  # else theirs would be made over again
                    storage_options=told,
                )
        return cls(uri, options=options)

    def append(self, batches: Sequence[ChannelDays], *, revision: int) -> Appended:
        """Write channel-days as one revision: one commit, in which no channel-day stands twice.

        The caller holds the table's advisory lock, and publishes the revision only after this returns. Called
        again with the same revision and content, it does nothing. Raises RevisionTaken when the content differs.
        """
        assert revision > 0
        lengths = _by_length(batches)
        rows = sum(len(batch) for batch in lengths)
        if not rows:
            return Appended(revision, 0)
        self.refresh()
        transaction = Transaction(f"lamplighter.revision/{revision}", _digest(lengths))
        held = self._table.transaction_version(transaction.app_id)
        if held is not None and held != transaction.version:
            raise RevisionTaken(f"revision {revision} was used for other channel-days; allot a new revision")
        if held is None:
            written = [file for month, part in _cut(lengths, revision) for file in self._written(part, month)]
            commits.append(self._table, written, transaction)
            self.committed()
        return Appended(revision, rows, again=held is not None)

    def read(
        self,
        channels: Int64,
        calendar: SlotCalendar,
        *,
        published: Published,
        as_of: int | None = None,
        raw: bool = False,
    ) -> Block:
        """The newest published revision (not after `as_of`) of each channel-day, as a dense block.

        `channels` are ascending ids; those without readings have missing slots and NO_REVISION. One scan serves
        all: ask for thousands at once. With `raw`, the values before validation come along.
        """
        shown = published.as_of(as_of)
        filling = Filling(channels, calendar, raw=raw)
        for part in self._parts(channels, calendar.period, published, shown.watermark, raw=raw):
            filling.put(part, shown.shows(part.revisions))
        return filling.block()

    def history(self, channel: int, day: date, *, published: Published) -> tuple[Revision, ...]:
        """Every revision of one channel-day, published or not, oldest first."""
        found: dict[int, Revision] = {}
        wanted = np.array([channel], dtype=np.int64)
        for part in self._parts(wanted, Period(day, day_at(ordinal(day) + 1)), published, None, raw=True):
            assert part.raw is not None
            for row in np.flatnonzero((part.channels == channel) & (part.days == ordinal(day))).tolist():
                slots = slice(int(part.offsets[row]), int(part.offsets[row + 1]))
                quality = part.quality[slots]
                revision = int(part.revisions[row])
                found[revision] = Revision(
                    revision=revision,
                    published=revision in published,
                    seconds=int(part.seconds[row]),
                    values=np.where(quality == MISSING, np.int32(ABSENT), part.values[slots]),
                    quality=quality.copy(),
                    raw=part.raw[slots].copy(),
                )
        return tuple(found[revision] for revision in sorted(found))

    def unpublished(self, *, published: Published, since: int = 0) -> frozenset[int]:
        """Revisions after `since` that are in the table and not published: what a crash left, or a load under way.

        Readers never see them. The caller, under the lock, publishes those it knows or lists them as ignored.
        """
        self.refresh()
        index = self.index
        found: set[int] = set()
        for i, path in enumerate(index.paths):
            low, high = int(index.low[i, 2]), int(index.high[i, 2])
            if high > since:
                found.update({low} if low == high else np.unique(self.files.read_keys(path)[2]).tolist())
        return frozenset(revision for revision in found if revision > since and revision not in published)

    def sweep(self, *, dry_run: bool = False) -> list[str]:
        """Delete files that no table version of the last week needs: what compaction replaced a week ago, what a
        crash left uncommitted. Revisions are never deleted. Returns their paths."""
        self.refresh()
        return self._table.vacuum(retention_hours=24 * 7, dry_run=dry_run, full=True)

    @property
    def index(self) -> FileIndex:
        if self._index is None:
            self._index = index_of(self._table)
        return self._index

    @property
    def table(self) -> DeltaTable:
        return self._table

    def refresh(self) -> None:
        """See what other processes have committed. Reading does it whenever `published` has changed."""
        assert self._process == os.getpid(), "never fork: open the table in each process (spawn)"
        version = self._table.version()
        self._table.update_incremental()
        if self._table.version() != version:
            self._index = None

    def committed(self) -> None:
        """Take note of an own commit."""
        self._table.update_incremental()
        self._index = None
        self.files.sync_folder("_delta_log")

    def _written(self, part: Stored, month: str) -> Iterator[Written]:
        """One file, or where there is much to write one for each processor, at once."""
        few = len(part.channels) // FEWEST_ROWS
        shares = cut(part.channels, -(-len(part.channels) // max(1, min(threads(), few))))
        yield from ahead(
            lambda share: self.files.write(part.between(*share), path=new_path(month), month=month), shares
        )

    def _parts(
        self, channels: Int64, period: Period, published: Published, watermark: int | None, *, raw: bool
    ) -> Iterator[Stored]:
        if (
            published != self._seen or self._process != os.getpid()
        ):  # what is published is committed, but perhaps after we looked
            self.refresh()
            self._seen = published
        days = (ordinal(period.start), ordinal(period.closed_end))
        version = self._table.version()
        try:
            for path in self.index.may_hold(channels=channels, days=days, watermark=watermark):
                yield from self.files.read(path, channels=channels, days=days, raw=raw)
        except FileNotFoundError:  # compacted and swept since: whatever was given already may be given again
            self.refresh()
            if self._table.version() == version:
                raise
            yield from self._parts(channels, period, published, watermark, raw=raw)


def _files(table: DeltaTable, options: Mapping[str, str] | None) -> DataFiles:
    uri = table.table_uri
    if "://" in uri and not uri.startswith("file://"):
        handler = DeltaStorageHandler(uri, None if options is None else dict(options))
        return DataFiles(pafs.PyFileSystem(handler), None)
    local = Path(uri.removeprefix("file://"))
    return DataFiles(pafs.SubTreeFileSystem(str(local), pafs.LocalFileSystem(use_mmap=True)), local)


def new_path(month: str) -> str:
    return f"month={month}/{uuid.uuid4()}.parquet"


def _cut(batches: Sequence[ChannelDays], revision: int) -> Iterator[tuple[str, Stored]]:
    """The rows of each data file to write: one month, one interval length, at most FILE_ROWS."""
    for batch in batches:
        months = batch.days.astype("datetime64[D]").astype("datetime64[M]")
        for month in np.unique(months):
            rows = np.flatnonzero(months == month)
            for begin in range(0, len(rows), FILE_ROWS):
                some = rows[begin : begin + FILE_ROWS]
                part = batch if len(some) == len(batch) else batch.take(some)
                yield month_of_ordinal(int(part.days[0])), stored(part, revision=revision)


def _by_length(batches: Sequence[ChannelDays]) -> list[ChannelDays]:
    """One batch for each interval length, in which no channel-day stands twice, nor in two of them."""
    parts: dict[int, list[ChannelDays]] = {}
    for batch in batches:
        if len(batch):
            parts.setdefault(batch.seconds, []).append(batch)
    lengths = [joined(same) if len(same) > 1 else same[0] for _, same in sorted(parts.items())]
    keys = [np.stack((batch.channels, batch.days.astype(np.int64)), axis=1) for batch in lengths]
    assert len(keys) < 2 or len(np.unique(np.concatenate(keys), axis=0)) == sum(map(len, lengths)), "a day twice"
    return lengths


def _digest(batches: Sequence[ChannelDays]) -> int:
    """63 bits that tell one content from another, so that a revision is never used for two."""
    low = high = 0
    for batch in batches:
        for column in (batch.channels, batch.days, batch.values):
            low = zlib.crc32(np.ascontiguousarray(column).data, low)
        for other in (np.array([batch.seconds]), batch.quality, batch.raw):
            high = high if other is None else zlib.crc32(np.ascontiguousarray(other).data, high)
    return (low << 31) | (high & 0x7FFF_FFFF)
