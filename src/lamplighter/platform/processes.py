"""Work over several processes of this installation: never forked from who has it done, and gone when that one is."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from lamplighter.platform.ahead import context
from lamplighter.platform.memory import keep_freed_memory

T = TypeVar("T")
R = TypeVar("R")
YIELDING = 5  # to pages that people wait for
PLACE = ("NAME", "HOST", "PORT", "USER", "PASSWORD")


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """An executor of `count` processes with Django set up, on this process's database and interval store.

    What they are given and what they answer is pickled, faults too. They yield the processor to others.
    """
    ours = ({key: connection.settings_dict[key] for key in PLACE}, str(settings.INTERVAL_STORE))
    pool = ProcessPoolExecutor(count, mp_context=context(), initializer=_begin, initargs=ours)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def shared(work: Callable[[T], R], items: Iterable[T], count: int) -> Iterator[R]:
    """What `work` makes of each item, in any order, by this process and `count - 1` others. This one begins at once,
    while the others get ready, which takes seconds unless they are loaded ahead; each takes the next item when it has
    done one.

    The first fault ends it; what others have begun is finished.
    """
    left = deque(items)
    if count == 1:
        yield from map(work, left)
        return
    begun, done = list[Future[R]](), SimpleQueue[Future[R]]()
    keep_freed_memory()
    with processes(count - 1) as pool:

        def give(ended: Future[R] | None = None) -> None:
            for item in _taken(left):
                try:
                    future = pool.submit(work, item)
                except RuntimeError:  # the others are gone, as what ended tells
                    left.append(item)
                    break
                begun.append(future)
                future.add_done_callback(give)
                break
            if ended is not None:
                done.put(ended)

        for _ in range(count - 1):
            give()
        told = 0
        try:
            for item in _taken(left):
                yield work(item)
                while not done.empty():
                    told += 1
                    yield done.get().result()
            while told < len(begun):
                told += 1
                yield done.get().result()
        finally:
            left.clear()


def _taken(left: deque[T]) -> Iterator[T]:
    """From the front, while any is left; others take them too."""
    with suppress(IndexError):
        while True:
            yield left.popleft()


def _begin(database: dict[str, Any], store: str) -> None:
    """Ctrl-C at a terminal reaches every process in it; the one that began this hears it, and ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(YIELDING)
    keep_freed_memory()
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
