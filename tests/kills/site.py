"""A whole installation to be ill-treated: a cluster of its own, a state folder, and commands run in processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from lamplighter.platform.localpg import Cluster
from tests.kills.warm import Warm

REPO = Path(__file__).parents[2]
NAME = "lamplighter"
WORLD = "world"
PATIENCE = 300  # a machine that is busy with others takes minutes to migrate a database


class Site:
    """An installation below `folder`, as `lamplighter` finds it with LAMPLIGHTER_STATE and nothing else set: with the
    durable cluster that it keeps itself. One that is `fast`, to be killed less hard, is found by DATABASE_URL."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.cluster = Cluster(folder / "pg" if fast else self.state / "pg", fast=fast, refuge=folder / "refuge")
        self.processes: list[subprocess.Popen[str]] = []
        self.warm: dict[tuple[tuple[str, str], ...], Warm] = {}
        if fast and not self.cluster.ensure().has_database(NAME):
            self.cluster.create_database(NAME)

    @property
    def url(self) -> str:
        return self.cluster.url(NAME)

    @property
    def intervals(self) -> Path:
        return self.state / "intervals"

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("LAMPLIGHTER_", "DATABASE_"))}
        ours.pop("PYTEST_VERSION", None)  # settings are those of production
        url = {"DATABASE_URL": self.url} if self.cluster.fast else {}
        return ours | url | {"LAMPLIGHTER_STATE": str(self.state), "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}

    def start(self, *module: str, quiet: bool = False, fed: bool = False, **environment: str) -> subprocess.Popen[str]:
        """A module in a process of its own, with its output at hand; if `fed`, with its input too."""
        errors = subprocess.DEVNULL if quiet else None
        process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=self.folder, env=self.environment | environment, text=True,
            stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def run(self, *module: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A module in a process of its own, to its end."""
        where = tuple(environment.items())
        if where not in self.warm:
            self.warm[where] = Warm(self.folder, self.environment | environment)
        return self.warm[where].run(*module, timeout=PATIENCE)

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("lamplighter", *arguments, **environment)

    def keep_as_world(self) -> None:
        """Remember what is there now."""
        self.cluster.create_database(WORLD, template=NAME)
        shutil.copytree(self.intervals, self.folder / WORLD)

    def begin_again(self) -> None:
        """Go back to what was remembered.

        Without a checkpoint after it, the sequences of a database copied from a template fall back in a crash: they
        are logged 32 numbers ahead, and the copy takes over how many are left without having them in its own log.
        """
        self.cluster.ensure().drop_database(NAME)
        self.cluster.create_database(NAME, template=WORLD)
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute("CHECKPOINT")
        shutil.rmtree(self.intervals, ignore_errors=True)
        shutil.copytree(self.folder / WORLD, self.intervals)

    def clear(self) -> None:
        """Back to an installation that nothing was done in."""
        self.cluster.ensure().drop_database(NAME)
        if self.cluster.fast:
            self.cluster.create_database(NAME)
        for path in self.state.glob("*"):
            if path != self.cluster.root:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def kill_database(self) -> None:
        """kill -9 of the postmaster, as when the system runs out of memory; returns when it is dead."""
        pid = self.cluster.status().pid
        assert pid, "it runs"
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.cluster.status().pid != pid, "the postmaster is dead")

    def remove(self) -> None:
        for warm in self.warm.values():
            warm.end()
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with what it started, lest that start the database again
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self.cluster.remove()


def until(holds, what: str, *, seconds: float = PATIENCE) -> None:
    """Wait for a condition."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.05)


@contextmanager
def site(*, fast: bool = False, like: Path | None = None) -> Iterator[Site]:
    """One that is removed afterwards, in a folder that a server's own account may enter; a copy of another that is
    `like` it, if that is there."""
    folder = Path(tempfile.mkdtemp(prefix="lamplighter-site-", dir="/tmp")).resolve()
    if like and like.exists():
        subprocess.run(["cp", "-a", f"{like}/.", folder], check=True)
    folder.chmod(0o755)
    made = Site(folder, fast=fast)
    try:
        yield made
    finally:
        made.remove()
        shutil.rmtree(folder, ignore_errors=True)
