"""Background workers that the server keeps beside itself: begun again when they die, ended with it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 60
log = logging.getLogger(__name__)


@contextmanager
def workers(count: int) -> Iterator[None]:
    """Keep so many `lamplighter worker` processes alive during the block; at its end, they finish what they do."""
    leaving = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(leaving,), name=f"worker {n}") for n in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        leaving.set()
        for keeper in keepers:
            keeper.join()


def _keep(leaving: threading.Event) -> None:
    command = [sys.executable, "-m", "lamplighter", "worker", "--with-parent"]
    while not leaving.is_set():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves
        while process.poll() is None and not leaving.wait(0.2):
            pass
        if leaving.is_set():
            _end(process)
        else:
            log.warning("A background worker ended (%s); starting another.", process.returncode)
            leaving.wait(PAUSE_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its job is queued again, and goes on where it stopped
        process.wait()
