"""Processes that the server keeps beside itself, workers among them: begun again when they die, ended with it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 60
log = logging.getLogger(__name__)


@contextmanager
def workers(count: int) -> Iterator[None]:
    """Keep so many `lamplighter worker` processes alive during the block; at its end, they finish what they do."""
    with beside(*(["worker"] for _ in range(count))):
        yield


@contextmanager
def beside(*commands: Sequence[str]) -> Iterator[None]:
    """Keep a `lamplighter` process alive for each of these commands during the block."""
    leaving = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(leaving, one), name=f"keep {one[0]}") for one in commands]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        leaving.set()
        for keeper in keepers:
            keeper.join()


def _keep(leaving: threading.Event, arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "lamplighter", *arguments, "--with-parent"]
    while not leaving.is_set():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves
        while process.poll() is None and not leaving.wait(0.2):
            pass
        if leaving.is_set():
            _end(process)
        else:
            log.warning("A background process, %s, ended (%s); starting another.", arguments[0], process.returncode)
            leaving.wait(PAUSE_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its job is queued again, and goes on where it stopped
        process.wait()
