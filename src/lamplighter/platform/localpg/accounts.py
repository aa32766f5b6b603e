"""Accounts of the operating system that a server may run as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamplighter.platform.localpg.refusals import CannotRunPostgres

SERVER_ACCOUNTS = ("postgres", "_postgres", "nobody")
QUIET_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as. `other` is true when that is not ourselves, which only root can arrange."""

    name: str
    uid: int
    gid: int
    other: bool

    def run(self, *command: Path | str, cwd: Path = Path("/")) -> str:
        """The command's standard output. Raises CannotRunPostgres with all that it printed when it fails."""
        try:
            done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - the executables are PostgreSQL's own
                [str(part) for part in command], check=False, capture_output=True, text=True, cwd=cwd,
                stdin=subprocess.DEVNULL, env=QUIET_ENVIRONMENT, **self._identity(),
            )  # fmt: skip
        except OSError as error:
            raise CannotRunPostgres(f"{command[0]} cannot be run by the account {self.name}: {error}") from error
        if done.returncode:
            raise CannotRunPostgres((done.stdout + done.stderr).strip() or f"{command[0]} failed: {done.returncode}")
        return done.stdout

    def can_run(self, *command: Path | str) -> bool:
        try:
            self.run(*command)
        except CannotRunPostgres:
            return False
        return True

    def can_enter(self, folder: Path) -> bool:
        return self.can_run("/bin/sh", "-c", 'test -x "$1"', "sh", folder)

    def own(self, path: Path, *, mode: int) -> None:
        if self.other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def _identity(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}


def server_account(data: Path) -> Account:
    """Ourselves; for root the owner of the cluster in `data`, so that it stays with the account that made it,
    or else an existing account that is nobody's own. No account is ever created."""
    if os.geteuid() != 0:
        return Account(name=_name(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), other=False)
    if data.exists() and (made_by := data.stat()).st_uid != 0:
        return Account(name=_name(made_by.st_uid), uid=made_by.st_uid, gid=made_by.st_gid, other=True)
    for name in SERVER_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, other=True)
    raise CannotRunPostgres(
        "PostgreSQL does not run as root, and there is no account called postgres or nobody: run as an ordinary user."
    )


def open_folder(path: Path) -> None:
    """Makes `path` and what is missing above it, each open to every account whatever the umask is."""
    if not path.exists():
        open_folder(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
