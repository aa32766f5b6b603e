"""Folders that a server's account may enter: pytest's own are private to whoever runs the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lamplighter.platform.localpg import Cluster

REPO = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="lamplighter-test-", dir="/tmp")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def open_cluster(folder: Path) -> Iterator[Callable[..., Cluster]]:
    """Opens clusters below the folder and removes them afterwards, running or not."""
    opened: list[Cluster] = []

    def open_one(name: str = "pg", **options: object) -> Cluster:
        options.setdefault("refuge", folder / "refuge")
        opened.append(Cluster(folder / name, **options))
        return opened[-1]

    yield open_one
    for cluster in opened:
        cluster.remove()


def kill_9(cluster: Cluster) -> int:
    """Kills the server and waits until the system has done so; the number that it had."""
    pid = cluster.status().pid
    os.kill(pid, signal.SIGKILL)
    give_up = time.monotonic() + 30
    while cluster.status().pid == pid:
        assert time.monotonic() < give_up, "it cannot be killed"
        time.sleep(0.01)
    return pid


def python_for(account: str) -> str:
    """A Python of this version that `account` can run, where ours may lie in somebody's private home."""
    entry = pwd.getpwnam(account)
    ours = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, shutil.which(ours, path="/usr/local/bin:/usr/bin:/opt/homebrew/bin")):
        if candidate and _runs([candidate, "-c", f"open({str(REPO / 'pyproject.toml')!r})"], entry):
            return candidate
    pytest.skip(f"the account {account} can run no Python {ours} here, or cannot read this checkout")


def _runs(command: list[str], entry: pwd.struct_passwd) -> bool:
    try:
        return not subprocess.run(command, check=False, **identity(entry), capture_output=True, cwd="/").returncode
    except PermissionError:
        return False


def identity(entry: pwd.struct_passwd) -> dict[str, object]:
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def as_root() -> bool:
    return os.geteuid() == 0
