"""Threads that keep a long-running command in order: its database is up, and it ends with the process above it."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def watched_database(*, seconds: float = 1.0) -> Iterator[None]:
    """During the block, bring the embedded database back whenever it is gone. One that `DATABASE_URL` names has its
    own keeper."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    leaving = threading.Event()
    keeper = threading.Thread(target=_keep_database, args=(leaving, seconds), name="database watch", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


def end_with_parent(*, seconds: float = 1.0) -> None:
    """End this process, gracefully, once the one that started it is gone, even if that one was killed."""
    threading.Thread(
        target=_wait_for_orphanhood, args=(os.getppid(), seconds), name="parent watch", daemon=True
    ).start()


def _keep_database(leaving: threading.Event, seconds: float) -> None:
    from lamplighter.config.state import state_root
    from lamplighter.platform.localpg import CannotRunPostgres, Cluster

    cluster = Cluster(state_root() / "pg")
    said = ""
    while not leaving.is_set():
        try:
            if cluster.status().pid is None:
                log.warning("The database is gone; starting it again.")
            cluster.ensure()
            said = ""
        except (CannotRunPostgres, OSError) as fault:  # it may be mended while we wait
            reason = str(fault).partition("\n")[0]
            if reason != said:
                log.error("The database cannot be started, and is tried again each second: %s", reason)
            said = reason
        leaving.wait(seconds)


def _wait_for_orphanhood(parent: int, seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGTERM)
