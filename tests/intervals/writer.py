"""Another process that writes to an interval table: `python -m tests.intervals.writer TABLE LOCK FIRST COUNT [DIE]`.

It takes a lock for each append, as the contexts above take an advisory lock. With DIE it kills itself, as by
kill -9, when the data file of its last append (or compaction) is written and not yet committed.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from datetime import date
from pathlib import Path

from lamplighter.intervals import commits
from lamplighter.intervals.compaction import compact
from lamplighter.intervals.store import IntervalStore
from tests.intervals.making import one_day

DAY = date(2025, 6, 2)


def main(table: str, lock: str, first: int, count: int, die: str) -> None:
    store = IntervalStore(table)
    for revision in range(first, first + count):
        if die == "append" and revision == first + count - 1:
            commits.append = _killed  # type: ignore[assignment]
        with Path(lock).open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            store.append([one_day(first, DAY, [revision] * 96)], revision=revision)
    if die == "compact":
        commits.replace = _killed  # type: ignore[assignment]
        compact(store, "2025-06")


def _killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), (sys.argv[5:] or [""])[0])
