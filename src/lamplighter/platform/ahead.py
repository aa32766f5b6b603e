"""A server that has the program loaded, and forks the processes that share a run: they are there at once, where one
that is spawned loads for more than a second.

It is a fresh interpreter, so that nothing of who begins it is forked: no thread, no connection, no table that is open.
It does nothing but load (platform/loaded.py), uses neither database nor store, and ends when who began it ends.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from multiprocessing.forkserver import ensure_running, set_forkserver_preload

FORKS = sys.platform == "linux"  # elsewhere libraries of the system begin threads of their own
_begun_by: set[int] = set()


def load_ahead() -> None:
    """Begin the server, and go on while it loads: for who will share runs, or is about to share one."""
    if FORKS and os.getpid() not in _begun_by:
        set_forkserver_preload(["lamplighter.platform.loaded"])
        ensure_running()
        _begun_by.add(os.getpid())


def context() -> BaseContext:
    """How this process begins others: by its server as soon as that has loaded; each by itself where there is none, or
    where it is lost (it listens on a file, which somebody may have tidied away)."""
    if os.getpid() in _begun_by:
        forks = get_context("forkserver")
        first = forks.Process(target=os.getpid)
        with suppress(OSError, EOFError):
            first.start()
            first.join()
            return forks
    return get_context("spawn")
