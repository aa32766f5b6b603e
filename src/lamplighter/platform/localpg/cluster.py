"""One PostgreSQL cluster in one folder: made when it is missing, started when it is not running."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from lamplighter.platform.localpg import postmasters, server
from lamplighter.platform.localpg.locks import held
from lamplighter.platform.localpg.places import Places

REFUGE = Path("/var/lib/lamplighter")
LEAVING_SECONDS = 3.0  # that sessions of processes which have just ended get to go
USED = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Status:
    """What is the case now: `pid` is None when the server does not run, `major` when no cluster was made yet."""

    pid: int | None
    major: int | None
    home: Path
    log: Path


@dataclass(frozen=True)
class Cluster:
    """A cluster below `root`, durable unless `fast`, which is for tests: that one may be lost in a power cut.

    It is reached by its Unix socket as the superuser `postgres` without a password: only the server's account and
    root may enter the socket's folder. With `tcp_port` it is also on 127.0.0.1, there with a password;
    all who open a cluster must name the same port, since the server is started again for another.
    Run by root, the server gets an account without rights of its own, and where that account cannot enter `root`
    (a checkout in a private home) the cluster lies below `refuge`.
    Each method raises CannotRunPostgres for what a person must see to, and psycopg's errors for what SQL refuses.
    """

    root: Path
    fast: bool = False
    tcp_port: int | None = None
    refuge: Path = REFUGE

    def ensure(self) -> Cluster:
        """Starts the server unless it runs. Cheap enough to ask before each use; after a crash it brings it back."""
        running = self._running()
        if not (running and running.ready and postmasters.answers(self._places.sockets, self._places.port)):
            self.start()
        return self

    def start(self) -> None:
        """Makes the cluster if need be and starts its server, with the recovery after a crash if there was one."""
        self._places.check_that_they_are_ours()
        with held(self._places.lock):
            server.start(self._places, fast=self.fast)

    def stop(self, *, mode: str = "fast") -> None:
        """Ends the server; `mode` is PostgreSQL's: "fast" breaks off sessions, "immediate" leaves recovery to do."""
        self._places.check_that_they_are_ours()
        if self._places.data.exists():
            with held(self._places.lock):
                server.stop(self._places, mode=mode)

    def stop_unless_used(self) -> bool:
        """Ends the server unless others have sessions in it; whether it is down afterwards."""
        if self._running() and not self._unused():
            return False
        self.stop()
        return True

    def remove(self) -> None:
        """Ends the server and deletes the cluster with all its databases."""
        self.stop(mode="immediate")
        for folder in (self._places.sockets, self._places.home, self.root):
            shutil.rmtree(folder, ignore_errors=True)

    def status(self) -> Status:
        running = self._running()
        return Status(
            pid=running.pid if running else None,
            major=self._places.made_by,
            home=self._places.home,
            log=self._places.log,
        )

    def url(self, database: str) -> str:
        """Where `database` is, for psycopg, Django and psql."""
        host = quote(str(self._places.sockets), safe="/")
        return f"postgresql:///{quote(database, safe='')}?host={host}&port={self._places.port}&user=postgres"

    def tcp_url(self, database: str) -> str:
        """The same for programs that know no Unix sockets."""
        assert self.tcp_port, "the cluster was not opened with a TCP port"
        password = quote(self._places.password.read_text(), safe="")
        return f"postgresql://postgres:{password}@127.0.0.1:{self.tcp_port}/{quote(database, safe='')}"

    def has_database(self, name: str) -> bool:
        with self._session() as session:
            return session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """An empty database, or a copy of `template`, in which nobody may be at work meanwhile."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._session() as session:
            session.execute(statement)

    def drop_database(self, name: str) -> None:
        """Deletes it if it is there, whoever is at work in it."""
        with self._session() as session:
            session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @cached_property
    def _places(self) -> Places:
        return Places(root=self.root.resolve(), refuge=self.refuge, tcp_port=self.tcp_port)

    def _running(self) -> postmasters.Postmaster | None:
        self._places.check_that_they_are_ours()
        return postmasters.running(self._places.data, name=self._places.name)

    def _unused(self) -> bool:
        """Whether nobody is at work; nor is anybody in a server that lets nobody in."""
        give_up = time.monotonic() + LEAVING_SECONDS
        with suppress(psycopg.OperationalError), self._session() as session:
            while session.execute(USED).fetchone():
                if time.monotonic() > give_up:
                    return False
                time.sleep(0.1)
        return True

    def _session(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url("postgres"), autocommit=True)
