"""What a process is asked in tests of processes."""

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from lamplighter.intervals.published import Published
from lamplighter.intervals.store import IntervalStore
from tests.intervals.making import calendar, one_day

DAY = date(2025, 6, 2)
LOADED = frozenset(sys.modules)  # when this is imported, which comes after the fork
SWEEPER = "jemalloc_bg_thd"  # of the allocators of Arrow and Delta, which know how to be forked


def where() -> dict[str, object]:
    """Whose child this process is, what its parent has loaded and runs, and which database and store are its own."""
    return {
        "parent": os.getppid(),
        "its_threads": [name for name in _threads(os.getppid()) if name != SWEEPER],
        "loaded": "lamplighter.journeys.billing" in LOADED,
        "kwh": _of_a_store(),
        "database": connection.settings_dict["NAME"],
        "store": settings.INTERVAL_STORE,
    }


def _threads(process: int) -> list[str]:
    return [(task / "comm").read_text().strip() for task in Path(f"/proc/{process}/task").iterdir()]


def _of_a_store() -> int:
    """Written and read here, by the libraries that were loaded before this process was forked."""
    with tempfile.TemporaryDirectory() as folder:
        store = IntervalStore.create(Path(folder) / "intervals")
        store.append([one_day(1, DAY, [5] * 96)], revision=1)
        read = store.read(np.array([1], dtype=np.int64), calendar(DAY), published=Published(1))
        return int(read.values.sum())
