"""A month's many small files become few, ordered by channel; every revision stays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lamplighter.intervals import commits
from lamplighter.intervals.arrays import Int32, Int64
from lamplighter.intervals.channeldays import offsets_of, slots_of_rows
from lamplighter.intervals.datafiles import Written
from lamplighter.intervals.fileindex import FileIndex
from lamplighter.intervals.filling import Stored
from lamplighter.intervals.store import FILE_ROWS, IntervalStore, new_path

EVERY_DAY = (-(2**31), 2**31)
DEEP = 4


def crowded(index: FileIndex, *, deep: int = DEEP) -> list[str]:
    """Months in which some channel may lie in more than `deep` files: what reading a channel's month costs. Asked of
    the index alone, so that it can be asked of years every night. Compacted months have as many as interval lengths.
    """
    return [month for month in sorted({*index.months}) if _depth(index, index.of_month(month)) > deep]


def _depth(index: FileIndex, files: list[int]) -> int:
    """The most files whose ranges of channels overlap anywhere."""
    begins, ends = index.low[files, 0], index.high[files, 0] + 1
    steps = np.concatenate((np.ones(len(files), dtype=np.int64), np.full(len(files), -1, dtype=np.int64)))
    order = np.lexsort((steps, np.concatenate((begins, ends))))
    return int(np.cumsum(steps[order]).max(initial=0))


def compact(store: IntervalStore, month: str, *, rows: int = FILE_ROWS) -> int:
    """Rewrite a month (`2026-03`) into files of about `rows` channel-days; returns how many files were replaced.

    The caller holds the table's advisory lock. Memory is bounded by `rows`, whatever the month holds. Readers go on
    with the old files, which `sweep` deletes after a week.
    """
    store.refresh()
    index = store.index
    old = index.of_month(month)
    if len(old) < 2:
        return 0
    paths = [index.paths[i] for i in old]
    keys = [store.files.read_keys(path) for path in paths]
    if _compact_already(keys, rows):
        return 0
    channels, lengths = (np.concatenate([key[column] for key in keys]) for column in (0, 3))
    written: list[Written] = []
    for length in np.unique(lengths).tolist():
        for ids in _shares(channels[lengths == length], rows):
            part = _gathered(store, paths, ids, length)
            written.append(store.files.write(part, path=new_path(month), month=month))
    assert sum(file.rows for file in written) == len(channels), "every revision stays"
    commits.replace(store.table, written, index, old)
    store.committed()
    return len(old)


def _compact_already(keys: list[tuple[Int64, Int32, Int64, Int32]], rows: int) -> bool:
    """Whether files of one interval length share no channel, and there are no more of them than needed."""
    lengths = [np.unique(key[3]) for key in keys]
    if any(len(found) > 1 for found in lengths):
        return False
    for length in {int(found[0]) for found in lengths}:
        files = [key[0] for key, found in zip(keys, lengths, strict=True) if found[0] == length]
        ids = np.concatenate([np.unique(channels) for channels in files])
        total = sum(len(channels) for channels in files)
        if len(np.unique(ids)) < len(ids) or len(files) > -(-total // rows):
            return False
    return True


def _shares(channels: Int64, rows: int) -> Iterator[Int64]:
    """Cut the distinct ids into ascending shares of about `rows` rows."""
    ids, counts = np.unique(channels, return_counts=True)
    share = (np.cumsum(counts) - 1) // rows
    yield from np.split(ids, np.flatnonzero(np.diff(share)) + 1)


def _gathered(store: IntervalStore, paths: list[str], ids: Int64, length: int) -> Stored:
    """All rows of some channels with one interval length, ordered by channel, day and revision."""
    found = []
    for path in paths:
        for part in store.files.read(path, channels=ids, days=EVERY_DAY, raw=True):
            inside = np.isin(part.channels, ids) & (part.seconds == length)
            if inside.any():
                found.append(_taken(part, np.flatnonzero(inside)))
    whole = _joined(found)
    return _taken(whole, np.lexsort((whole.revisions, whole.days, whole.channels)))


def _taken(part: Stored, rows: Int64) -> Stored:
    slots = slots_of_rows(part.offsets, rows)
    return Stored(
        channels=part.channels[rows],
        days=part.days[rows],
        revisions=part.revisions[rows],
        seconds=part.seconds[rows],
        offsets=offsets_of(np.diff(part.offsets)[rows]),
        values=part.values[slots],
        quality=part.quality[slots],
        raw=None if part.raw is None else part.raw[slots],
    )


def _joined(parts: list[Stored]) -> Stored:
    return Stored(
        channels=np.concatenate([part.channels for part in parts]),
        days=np.concatenate([part.days for part in parts]),
        revisions=np.concatenate([part.revisions for part in parts]),
        seconds=np.concatenate([part.seconds for part in parts]),
        offsets=offsets_of(np.concatenate([np.diff(part.offsets) for part in parts])),
        values=np.concatenate([part.values for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
        raw=np.concatenate([part.raw for part in parts if part.raw is not None]),
    )
