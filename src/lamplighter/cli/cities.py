"""Which demo city stands in this installation, and how one is built, rebuilt or thrown away."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lamplighter.town import BUILT

if TYPE_CHECKING:
    from lamplighter.platform.models import Run
    from lamplighter.town.build import Tell
    from lamplighter.town.parallel import Processes

BUILDER = "lamplighter.town.builder"
LOCK_SECONDS = 10


class CannotReplace(Exception):
    """What stands here is not ours to touch; the message says what to do."""


class Standing(Enum):
    NOTHING = "an empty database"
    HALF = "a city whose building was broken off"
    CITY = "a city"
    OTHER = "the data of a utility"


def city_of_today(*, full: bool, reset: bool) -> None:
    """A city is there afterwards: the one that stood, or one as of today.

    One builder at a time. A half-built city, of a builder that was killed, is thrown away first.
    """
    from lamplighter.cli.booting import boot, migrate_database
    from lamplighter.town.parallel import two_processes

    began = time.monotonic()
    with ExitStack() as beside:
        shares = beside.enter_context(two_processes()) if _is_bare() else None
        boot(migrate=False, load=_load if shares else lambda: None)
        beside.enter_context(_only_builder())
        found = standing()
        if found is Standing.OTHER:
            raise CannotReplace(
                "The database holds the data of a utility, not a demo city, and stays as it is."
                " Name another place: LAMPLIGHTER_STATE=/path/to/a/folder lamplighter demo"
            )
        if found is Standing.CITY and not reset:
            migrate_database()
            _tell_which(full=full)
            return
        if found is not Standing.NOTHING:
            click.echo(f"Throwing away {found.value}...", err=True)
            throw_away()
        shares = shares or beside.enter_context(two_processes())
        _build(shares, full=full, began=began)


def _load() -> None:
    """What builds it."""
    import lamplighter.town.build  # noqa: F401


def _is_bare() -> bool:
    """Nothing was ever begun here, so that a city will be built: its processes load while the database is made."""
    from lamplighter.config.state import secret_key, state_root

    bare = not os.environ.get("DATABASE_URL") and not (state_root() / "pg").exists()
    if bare:
        secret_key(state_root())  # so that no two of them make one
    return bare


def standing() -> Standing:
    """What the database holds."""
    from django.db import connection

    tables = set(connection.introspection.table_names())
    if "platform_run" in tables and (run := _run()) is not None:
        return Standing.CITY if run.state == run.State.DONE else Standing.HALF
    for table in ("platform_user", "ledger_code", "customers_person", "accounts_account"):
        with connection.cursor() as cursor:
            if table in tables and cursor.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
                return Standing.OTHER
    return Standing.NOTHING


def throw_away() -> None:
    """The city's intervals, its outbox, and everything in its database. Broken off, it counts as half-built."""
    from django.conf import settings
    from django.db import OperationalError, connection

    from lamplighter.platform.operations.runs import advance_run
    from lamplighter.town.apart import SCHEMAS
    from lamplighter.town.parallel import wait_for_orphans

    wait_for_orphans()
    run = _run()
    assert run is not None, "only a city is thrown away"
    advance_run(run=run, done=0, message="being thrown away")
    shutil.rmtree(_store(), ignore_errors=True)
    shutil.rmtree(Path(settings.STATE) / "outbox", ignore_errors=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            for schema in (*SCHEMAS, "public"):
                cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            cursor.execute("CREATE SCHEMA public")
            cursor.execute("RESET lock_timeout")
    except OperationalError as refused:
        raise CannotReplace("Something else is at work in the database. End `lamplighter serve` first.") from refused


def _build(shares: Processes, *, full: bool, began: float) -> None:
    """While the database is made ready, the two processes load what they need, and one of them plans the city. `began`
    is when this did."""
    from django.conf import settings
    from django.db import connection

    from lamplighter.cli.booting import migrate_database
    from lamplighter.platform.operations.runs import end_run, start_run
    from lamplighter.town.build import build
    from lamplighter.town.calendar import ZONE
    from lamplighter.town.census import plan_city
    from lamplighter.town.parallel import CannotBuild
    from lamplighter.town.plan import DEFAULT, FULL
    from lamplighter.town.staff import FOUNDER

    if any(_store().glob("month=*")):
        raise CannotReplace(f"{_store()} holds the intervals of another database. Move that folder away first.")
    assert ZONE.key == settings.UTILITY_ZONE, "the city keeps Pacific time"
    now = datetime.now(UTC)
    size, day = FULL if full else DEFAULT, now.astimezone(ZONE).date()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a city that a power cut takes is built anew
    planned = shares.begin(plan_city, day, size)
    migrate_database()
    run = start_run(kind=BUILT, subject=f"{day} {size.homes}", total=1, by=FOUNDER, at=now)
    try:
        with _progress() as tell:
            build(planned(), now=now, tell=tell, shares=shares)
    except CannotBuild as fault:
        raise click.ClickException(f"The city could not be built; run it again to begin anew.\n{fault}") from fault
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
    end_run(run=run, at=datetime.now(UTC), message=f"as of {day}", as_of=day.isoformat(), homes=size.homes)
    click.echo(f"Marisol Bay stands as of {day:%A, %B %-d, %Y}; it took {time.monotonic() - began:.0f} s.", err=True)


def _run() -> Run | None:
    from lamplighter.platform.models import Run

    return Run.objects.filter(kind=BUILT).order_by("-pk").first()


def _tell_which(*, full: bool) -> None:
    from lamplighter.town.plan import FULL

    run = _run()
    assert run is not None
    day = date.fromisoformat(run.result["as_of"])
    click.echo(f"The city stands as of {day:%A, %B %-d, %Y}. --reset builds it anew as of today.", err=True)
    if full and run.result["homes"] != FULL.homes:
        click.echo("It is the small one; --reset --full builds the large one.", err=True)


def _store() -> Path:
    from django.conf import settings

    if "://" in str(settings.INTERVAL_STORE):
        raise CannotReplace("The demo keeps its intervals in a folder. Unset LAMPLIGHTER_INTERVALS.")
    return Path(settings.INTERVAL_STORE)


@contextmanager
def _only_builder() -> Iterator[None]:
    """Hold the builder's lock; whoever comes second waits, and finds the city built."""
    from django.db import connection

    from lamplighter.cli.booting import come_in

    come_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [BUILDER])
        if not cursor.fetchone()[0]:
            click.echo("Another process is building the city; waiting for it...", err=True)
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [BUILDER])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [BUILDER])


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar for each stage; a line for each where there is no terminal to draw in."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    if not sys.stderr.isatty():
        yield _lines()
        return

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


def _lines() -> Tell:
    said = set()

    def tell(stage: str, _done: int, _total: int) -> None:
        if stage not in said:
            said.add(stage)
            click.echo(f"{stage}...", err=True)

    return tell
