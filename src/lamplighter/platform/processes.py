"""Work over several processes of this installation: spawned, never forked, and gone when whoever began them is gone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Any

from django.conf import settings
from django.db import connection

YIELDING = 5  # to pages that people wait for
PLACE = ("NAME", "HOST", "PORT", "USER", "PASSWORD")


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """An executor of `count` processes with Django set up, on this process's database and interval store.

    What they are given and what they answer is pickled, faults too. They yield the processor to others.
    """
    ours = ({key: connection.settings_dict[key] for key in PLACE}, str(settings.INTERVAL_STORE))
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=ours)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(database: dict[str, Any], store: str) -> None:
    """Ctrl-C at a terminal reaches every process in it; the one that began this hears it, and ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(YIELDING)
    os.environ["RAYON_NUM_THREADS"] = "1"  # the processes already use every core
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    settings.DATABASES["default"].update(database)
    settings.INTERVAL_STORE = store
    import django

    django.setup()


def _end_with_parent() -> None:
    """A parent that was killed sends nothing any more: its end is told by the system."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
