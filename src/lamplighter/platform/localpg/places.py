"""Where a cluster keeps its data, its log and its socket, given what its account may enter and paths may hold."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lamplighter.platform.localpg.accounts import Account, server_account
from lamplighter.platform.localpg.refusals import CannotRunPostgres

PORT = 5432
SOCKET_PATH_MAX = 100  # macOS allows 104 bytes, Linux 108
PLAIN = re.compile(r"[\w./+-]+", re.ASCII)  # needs no quoting in PostgreSQL's settings, nor as a host


def state_folder() -> Path:
    """Where this checkout keeps what it makes: `$LAMPLIGHTER_STATE`, or `.state` in the working directory."""
    return Path(os.environ.get("LAMPLIGHTER_STATE") or ".state").expanduser().resolve()


@dataclass(frozen=True)
class Places:
    """The cluster that is asked for below `root`. `home` is where it really lies."""

    root: Path
    refuge: Path
    tcp_port: int | None = None

    @cached_property
    def home(self) -> Path:
        """`root`, or a folder of `refuge` when the server's account cannot enter `root`, as in a private home.
        A cluster that exists stays where it is."""
        root = self.root.resolve()
        elsewhere = self.refuge / "clusters" / _key(root)
        for place in (root, elsewhere):
            if (place / "data").exists():
                return place
        account = server_account(root / "data")
        there = next(folder for folder in (root, *root.parents) if folder.exists())
        return root if not account.other or account.can_enter(there) else elsewhere

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def port(self) -> int:
        """The TCP port, and the number that the socket's name ends in."""
        return self.tcp_port or PORT

    @cached_property
    def sockets(self) -> Path:
        """A folder of the cluster, or a short one where the path is longer than the system allows."""
        own = self.home / "s"
        fits = len(f"{own}/.s.PGSQL.{self.port}") <= SOCKET_PATH_MAX and PLAIN.fullmatch(str(own))
        return own if fits else Path("/tmp") / self.name  # noqa: S108 - refused unless it is the account's own

    @property
    def name(self) -> str:
        """What the server's processes are called, so that none is taken for another cluster's."""
        return f"lamplighter-{_key(self.home)}"

    @property
    def account(self) -> Account:
        return server_account(self.data)

    @property
    def made_by(self) -> int | None:
        """The series of PostgreSQL that made the cluster, the only one that reads it; None before there is one."""
        file = self.data / "PG_VERSION"
        return int(file.read_text()) if file.exists() else None

    def check_that_they_are_ours(self) -> None:
        if os.geteuid() != 0 and self.data.exists() and (owner := self.data.stat().st_uid) != os.geteuid():
            raise CannotRunPostgres(
                f"the database in {self.data} belongs to another account ({owner}): run as that account or as root, "
                "or name a folder of your own in LAMPLIGHTER_STATE."
            )


def _key(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]
