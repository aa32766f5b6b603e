"""A lock on a file: two starts of one cluster at the same moment take their turns."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lamplighter.platform.localpg.accounts import open_folder
from lamplighter.platform.localpg.refusals import CannotRunPostgres


@contextmanager
def held(path: Path, *, patience: float = 300.0) -> Iterator[None]:
    """Holds the lock at `path` for the block, waiting `patience` seconds for it. The system lets go of the lock
    of a process that dies, so there is never a stale one to remove."""
    give_up = time.monotonic() + patience
    with _opened(path) as file:
        while not _taken(file.fileno()):
            if time.monotonic() > give_up:
                raise CannotRunPostgres(
                    f"another process has held {path} for {patience:.0f} s, starting or stopping the database: "
                    "look for it, end it and try again."
                )
            time.sleep(0.05)
        yield


def _opened(path: Path) -> TextIO:
    try:
        open_folder(path.parent)
        return path.open("a")
    except PermissionError as error:
        raise CannotRunPostgres(
            f"the account that runs this may not write {path}: it or a folder above it belongs to another. Run as that "
            "account, or name a folder of your own in LAMPLIGHTER_STATE."
        ) from error


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
