"""Bring the program up for a command: the embedded database unless `DATABASE_URL` names one, settings, migrations."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import click

from lamplighter.cli.switching import finish_restore


def boot(*, migrate: bool = True, load: Callable[[], object] = lambda: None, shares: bool = False) -> None:
    """Start what must run and set Django up. Safe to call from several processes at once. While the embedded database
    starts, the program is loaded, and `load` after it. For who `shares` runs, the others' server loads meanwhile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.config.settings")
    finish_restore()
    if shares:
        _load_ahead()
    with ThreadPoolExecutor(1) as beside:
        started = None if os.environ.get("DATABASE_URL") else beside.submit(_start_embedded())
        import django

        django.setup()
        load()
        if started:
            started.result()
    if migrate:
        migrate_database()


def _load_ahead() -> None:
    from django.conf import settings

    from lamplighter.platform.ahead import load_ahead

    if settings.PROCESSES > 1:
        load_ahead()


def migrate_database() -> None:
    """Apply what is missing, one process at a time."""
    from django.core.management import call_command
    from django.db import connection

    come_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('lamplighter.migrate', 0))")
        try:
            if _is_behind():
                click.echo("Preparing the database...", err=True)
                call_command("migrate", verbosity=0, interactive=False)
                _complete_chart()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('lamplighter.migrate', 0))")


def come_in() -> None:
    """Open this process's session. Another that is just ending may have taken the embedded database with it, since it
    saw nobody there: then it is started again, and stays for whoever has a session."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError:
        if os.environ.get("DATABASE_URL"):
            raise
        _start_embedded()()
        connection.ensure_connection()


def _is_behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connection).applied_migrations():  # an empty database, for which nothing need be read
        return True
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _complete_chart() -> None:
    from lamplighter.kernel.actors import system
    from lamplighter.ledger.operations import complete_chart
    from lamplighter.platform.transactions import unit_of_work

    with unit_of_work(system("upgrade")):
        complete_chart()


def put_away() -> None:
    """End the embedded database, unless another process is at work in it. Connections of this one are closed."""
    if os.environ.get("DATABASE_URL"):
        return
    from django.db import connections

    from lamplighter.config.state import state_root
    from lamplighter.platform.localpg import CannotRunPostgres, Cluster

    connections.close_all()
    with suppress(CannotRunPostgres):  # one that never ran was told when it was to start
        Cluster(state_root() / "pg").stop_unless_used()


def _start_embedded() -> Callable[[], None]:
    """What starts it. All that it imports is imported before, since two threads that import the same are no good."""
    import psycopg

    from lamplighter.config.state import state_root
    from lamplighter.platform.localpg import CannotRunPostgres, Cluster

    cluster = Cluster(state_root() / "pg")

    def start() -> None:
        try:
            cluster.ensure()
        except CannotRunPostgres as refused:
            raise click.ClickException(str(refused)) from refused
        if not cluster.has_database("lamplighter"):
            with suppress(psycopg.errors.UniqueViolation, psycopg.errors.DuplicateDatabase):  # another was quicker
                cluster.create_database("lamplighter")

    return start
