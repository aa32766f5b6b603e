"""Where pg_dump and pg_restore are that fit a server, and how they are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lamplighter.platform.localpg import CannotRunPostgres
from lamplighter.platform.localpg.binaries import SYSTEM_FOLDERS, find


class ProgramFailed(Exception):
    """The message is what the program said last, or where one is to be had."""


def client(name: str, *, major: int) -> Path:
    """`pg_dump` or `pg_restore` of the server's own series, else of a newer one. Raises ProgramFailed."""
    found = {path: version for path in _candidates(name, major) if (version := _series(path))}
    fit = sorted((version, str(path)) for path, version in found.items() if version >= major)
    if fit:
        return Path(fit[0][1])
    others = ", ".join(f"{version} in {path.parent}" for path, version in found.items()) or "none at all"
    raise ProgramFailed(
        f"{name} of PostgreSQL {major} or newer is needed, as the server is {major} (found: {others}). Install "
        f"postgresql-client-{major}, or name the folder of a newer one in LAMPLIGHTER_PG_BIN."
    )


def run(program: Path, *arguments: str, url: str, progress: Callable[[int], None], counting: str) -> None:
    """Run a client program on the database at `url`, whose password stays out of the process list. Each line that it
    says with `counting` in it counts as one. Raises ProgramFailed with the last lines."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}
    command: Sequence[str] = [str(program), f"--dbname={make_conninfo('', **parts)}", "--verbose", *arguments]
    last: deque[str] = deque(maxlen=5)
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        errors="replace", env=environment,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            last.append(line.rstrip())
            if counting in line:
                progress(1)
    if process.returncode:
        raise ProgramFailed(f"{program.name} failed:\n" + "\n".join(last))


def _candidates(name: str, major: int) -> Iterator[Path]:
    if chosen := os.environ.get("LAMPLIGHTER_PG_BIN"):
        yield Path(chosen) / name
        return
    for wanted in (major, None):
        with suppress(CannotRunPostgres):
            yield find(major=wanted).folder / name
    if on_path := shutil.which(name):
        yield Path(on_path)
    for pattern in SYSTEM_FOLDERS:
        for folder in Path("/").glob(pattern.lstrip("/")):
            yield folder / name


def _series(program: Path) -> int | None:
    try:
        said = subprocess.run(  # noqa: S603 - asks an executable that was just found for its version
            [str(program), "--version"], check=True, capture_output=True, text=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"PostgreSQL\) (\d+)", said)
    return int(version[1]) if version else None
