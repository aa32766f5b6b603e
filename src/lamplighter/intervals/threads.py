"""Encoding and decoding Parquet lets go of the interpreter: where there is much of it, several threads share it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def threads() -> int:
    """One for each processor that this process may use; one where processes share them, as the same variable tells
    the libraries (platform/processes.py)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if os.environ.get("RAYON_NUM_THREADS") == "1" else allowed


def ahead(work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """What `work` makes of each item, in order. While the caller is at one the next ones are made, one by each thread,
    and no more are kept. The first fault is raised in its turn; what was begun is finished before."""
    count = min(threads(), len(items))
    if count < 2:
        yield from map(work, items)
        return
    pool, waiting = ThreadPoolExecutor(count), deque[Future[R]]()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
