"""Threads that keep a long-running command in order: its database is up, and it ends with the process above it."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time

log = logging.getLogger(__name__)


def watch_database(*, seconds: float = 1.0) -> None:
    """Bring the embedded database back whenever it is gone. A database that `DATABASE_URL` names has its own keeper."""
    if not os.environ.get("DATABASE_URL"):
        threading.Thread(target=_keep_database, args=(seconds,), name="database watch", daemon=True).start()


def end_with_parent(*, seconds: float = 1.0) -> None:
    """End this process, gracefully, once the one that started it is gone, even if that one was killed."""
    threading.Thread(
        target=_wait_for_orphanhood, args=(os.getppid(), seconds), name="parent watch", daemon=True
    ).start()


def _keep_database(seconds: float) -> None:
    from lamplighter.config.state import state_root
    from lamplighter.platform.localpg import CannotRunPostgres, Cluster

    cluster = Cluster(state_root() / "pg")
    said = ""
    while True:
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
        time.sleep(seconds)


def _wait_for_orphanhood(parent: int, seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGTERM)
