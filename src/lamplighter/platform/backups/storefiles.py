"""The files of one version of the interval table: they never change, and stay for a week after they are replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, cast

import pyarrow.fs as pafs

from lamplighter.intervals.store import IntervalStore
from lamplighter.platform.backups.refusals import CannotRestore

LOG = "_delta_log"
ENTRY = re.compile(r"(?P<version>\d{20})\.(?P<kind>json|checkpoint(\.\d+\.\d+)?\.parquet)")


@dataclass(frozen=True, slots=True)
class StoreVersion:
    """`files` are paths in the table with their sizes: data files, and the log from the last checkpoint on."""

    version: int
    files: tuple[tuple[str, int], ...]


def newest(store: IntervalStore) -> StoreVersion:
    """The table as it is now. Without `_last_checkpoint`, which is only a hint, and may be newer by the time it is
    copied."""
    store.refresh()
    version = store.table.version()
    listed = store.files.filesystem.get_file_info(pafs.FileSelector(LOG))
    entries = [(found, file) for file in listed if (found := ENTRY.fullmatch(file.base_name))]
    old = [(int(found["version"]), found["kind"] != "json", file) for found, file in entries]
    begin = max((number for number, checkpoint, _ in old if checkpoint and number <= version), default=0)
    log = [(f"{LOG}/{file.base_name}", int(file.size)) for number, _, file in old if begin <= number <= version]
    data = [(path, int(size)) for path, size in zip(store.index.paths, store.index.sizes, strict=True)]
    return StoreVersion(version, (*sorted(log), *data))


def opened(store: IntervalStore, path: str) -> IO[bytes]:
    return cast("IO[bytes]", store.files.filesystem.open_input_stream(path))


def check(store: IntervalStore, *, version: int, parts: Sequence[tuple[str, int]]) -> None:
    """A restored table is the version that was copied, and names exactly the files that came with it."""
    found = newest(store)
    if found.version != version or set(found.files) != set(parts):
        raise CannotRestore(
            f"The interval store was copied at version {version} with {len(parts)} files; restored, it is version "
            f"{found.version} with {len(found.files)}. Take another backup."
        )
