"""Databases of one server as wholes: made, measured, renamed and dropped, from another database beside them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lamplighter.platform.backups.refusals import CannotRestore

BESIDE = "postgres"  # the database that every server has for such work
LEAVING_SECONDS = 3.0
Connection = psycopg.Connection[tuple[object, ...]]


def name_of(url: str) -> str:
    name = conninfo_to_dict(url).get("dbname")
    if not name:
        raise CannotRestore("DATABASE_URL names no database: end it in /name.")
    return str(name)


def beside(url: str, name: str) -> str:
    """The same server, another database."""
    return make_conninfo(url, dbname=name)


def series(url: str) -> int:
    """The server's major version."""
    with _session(url) as session:
        return session.info.server_version // 10000


def exists(url: str, name: str) -> bool:
    with _session(url) as session:
        return _there(session, name)


def tables(url: str, name: str) -> int:
    """How many tables a database has; none when there is no such database."""
    if not exists(url, name):
        return 0
    with psycopg.connect(beside(url, name)) as session:
        row = session.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert row is not None
    return int(row[0])


def is_used(url: str, name: str) -> bool:
    """Whether somebody is at work in a database. A session that was just closed may take a moment to go."""
    give_up = time.monotonic() + LEAVING_SECONDS
    with _session(url) as session:
        while session.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [name]
        ).fetchone():
            if time.monotonic() > give_up:
                return True
            time.sleep(0.1)
    return False


def make(url: str, name: str) -> None:
    """An empty database. Raises CannotRestore where the login may make none."""
    drop(url, name)
    try:
        with _session(url) as session:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as refused:
        login = conninfo_to_dict(url).get("user", "the login")
        raise CannotRestore(
            f"{login} may not create databases, and a copy is restored into a new one. As the server's administrator: "
            f"ALTER ROLE {login} CREATEDB."
        ) from refused


def drop(url: str, name: str) -> None:
    with _session(url) as session:
        session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def put_in_place(url: str, *, new: str, name: str, old: str) -> None:
    """Rename `new` to `name`, and what had that name to `old`: both or neither. Does nothing when it is done.

    Raises CannotRestore when somebody is at work in either.
    """
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    try:
        with _session(url) as session, session.transaction():
            if not _there(session, new):
                return
            if _there(session, name):
                session.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
            session.execute(rename.format(sql.Identifier(new), sql.Identifier(name)))
    except psycopg.errors.ObjectInUse as busy:
        raise CannotRestore(in_use(name)) from busy


def in_use(name: str) -> str:
    return f"Somebody is at work in the database {name}: stop the server, the workers and all other sessions first."


def _there(session: Connection, name: str) -> bool:
    return session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@contextmanager
def _session(url: str) -> Iterator[Connection]:
    with psycopg.connect(beside(url, BESIDE), autocommit=True) as session:
        yield session
