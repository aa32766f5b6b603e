"""Making a cluster, and starting and ending its server: each with the cluster's lock held by the caller."""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from lamplighter.platform.localpg import binaries, configuration, postmasters
from lamplighter.platform.localpg.accounts import Account, open_folder
from lamplighter.platform.localpg.binaries import Binaries
from lamplighter.platform.localpg.places import Places
from lamplighter.platform.localpg.refusals import CannotRunPostgres

PATIENCE = 300  # seconds that a start, and with it the recovery after a crash, may take
ORPHANS_SECONDS = 30  # that backends which outlived a killed server get to notice it
LOG_BYTES_MAX = 10_000_000


def start(places: Places, *, fast: bool) -> None:
    """Makes the cluster if need be and starts its server, unless it runs."""
    if _came_up(places):
        return
    programs = _programs(places)
    if not places.data.exists():
        _make(places, programs, fast=fast)
    _check_kind(places, fast=fast)
    _configure(places, fast=fast)
    _launch(places, programs)


def stop(places: Places, *, mode: str) -> None:
    if postmasters.running(places.data, name=places.name):
        waiting = ["-w", "-t", str(PATIENCE), "-s"]
        places.account.run(_programs(places) / "pg_ctl", "stop", "-D", "data", "-m", mode, *waiting, cwd=places.home)
        with suppress(OSError):
            places.sockets.rmdir()


def _programs(places: Places) -> Binaries:
    found = binaries.find(major=places.made_by)
    return binaries.within_reach(found, account=places.account, refuge=places.refuge)


def _came_up(places: Places) -> bool:
    """Whether the server runs. One that is starting or ending is waited for; one that lost its socket is ended."""
    give_up = time.monotonic() + PATIENCE
    while server := postmasters.running(places.data, name=places.name):
        if server.ready:
            if postmasters.answers(places.sockets, places.port):
                return True
            stop(places, mode="fast")
        if time.monotonic() > give_up:
            raise CannotRunPostgres(f"the server (process {server.pid}) is neither up nor down: see {places.log}.")
        time.sleep(0.1)
    return False


def _make(places: Places, programs: Binaries, *, fast: bool) -> None:
    """Runs initdb beside the place and moves the whole cluster in, so that half a one is never taken for a whole."""
    account = places.account
    new = places.home / "data.new"
    open_folder(places.home)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    account.own(new, mode=0o700)
    places.password.touch()
    account.own(places.password, mode=0o600)
    places.password.write_text(secrets.token_urlsafe(24))
    account.run(
        programs / "initdb", "-D", new, *configuration.initdb_options(programs.major), "--auth-local=trust",
        "--auth-host=scram-sha-256", f"--pwfile={places.password}", *(["--no-sync"] if fast else []),
        cwd=places.home,
    )  # fmt: skip
    with (new / "postgresql.conf").open("a") as file:
        file.write(f"include_if_exists = '{configuration.FILE}'\n")
    _kind(places).write_text("fast" if fast else "durable")
    new.rename(places.data)


def _check_kind(places: Places, *, fast: bool) -> None:
    made, wanted = _kind(places).read_text(), "fast" if fast else "durable"
    if made != wanted:
        raise CannotRunPostgres(f"the cluster in {places.home} was made {made}, and cannot be opened as {wanted}.")


def _kind(places: Places) -> Path:
    return places.home / "kind"


def _configure(places: Places, *, fast: bool) -> None:
    file = places.data / configuration.FILE
    file.write_text(
        configuration.text(fast=fast, sockets=places.sockets, port=places.port, tcp=places.tcp_port is not None)
    )
    places.account.own(file, mode=0o600)


def _launch(places: Places, programs: Binaries) -> None:
    account = places.account
    _private_folder(places.sockets, account)
    if places.log.exists() and places.log.stat().st_size > LOG_BYTES_MAX:
        places.log.replace(places.log.with_name("server.log.1"))
    places.log.touch()
    account.own(places.log, mode=0o600)
    postmasters.clear_remains(places.data, sockets=places.sockets, port=places.port)
    give_up = time.monotonic() + ORPHANS_SECONDS
    while True:
        begun = places.log.stat().st_size
        try:
            account.run(
                programs / "pg_ctl", "start", "-D", "data", "-l", places.log.name, "-w", "-t", str(PATIENCE), "-s",
                "-o", f"-c cluster_name={places.name}", cwd=places.home,
            )  # fmt: skip
        except CannotRunPostgres as refusal:
            said = places.log.read_text(errors="replace")[begun:][-3000:]
            if "pre-existing shared memory block" in said and time.monotonic() < give_up:
                time.sleep(0.2)
                continue
            raise CannotRunPostgres(f"PostgreSQL does not start: {refusal}\n{places.log}:\n{said}") from refusal
        return


def _private_folder(path: Path, account: Account) -> None:
    """Makes `path` for the server's account alone. One that somebody else made first, in /tmp, is not trusted."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        there = path.lstat()
        if path.is_symlink() or not path.is_dir() or there.st_uid not in {account.uid, 0}:
            raise CannotRunPostgres(f"{path} is not ours: remove it.") from None
    account.own(path, mode=0o700)
