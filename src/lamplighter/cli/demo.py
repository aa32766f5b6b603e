"""`lamplighter demo`: build Marisol Bay Power where it does not stand yet, and serve it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lamplighter.town.plan import Size

BEGUN, BUILT, CITY = "town.city.begun", "town.city.built", "city:marisol-bay"


@click.command()
@click.option("--no-serve", is_flag=True, help="Build the city and stop.")
@click.option("--full", is_flag=True, help="The whole city: 36,000 customers. Takes a quarter of an hour or more.")
@click.option("--fresh", is_flag=True, help="Throw the city away and build it anew as of today.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Build it as of this day instead of today.")
@click.option("--port", default=8000, show_default=True, help="Port to serve on.")
def demo(*, no_serve: bool, full: bool, fresh: bool, day: datetime | None, port: int) -> None:
    """Run the demo city, Marisol Bay Power. Everyone in it is invented.

    It is built once, as of today, through the same operations as real work, and kept as you leave it.

    \b
    Exit codes: 0 built (and served until interrupted), 1 refused.
    """
    os.environ["LAMPLIGHTER_DEMO"] = "1"
    from lamplighter.cli.booting import boot

    boot()
    stands = _stands()
    if fresh or not stands:
        _refuse_real_data()
        _erase()
        _build(as_of=day, full=full)
    elif full or day:
        raise click.ClickException("The city stands already. Add --fresh to throw it away and build it anew.")
    if no_serve:
        return
    from lamplighter.cli.companions import workers
    from lamplighter.cli.serve import run_server

    _invite(port)
    with workers(1):
        run_server(host="127.0.0.1", port=port, workers=1)


def _stands() -> bool:
    """A city that was built to its end. One that was broken off is built anew."""
    from lamplighter.platform.models import Event

    return Event.objects.filter(name=BUILT, subject=CITY).exists()


def _refuse_real_data() -> None:
    """The demo never erases what is not the demo's."""
    from lamplighter.platform.models import Event

    first = Event.objects.order_by("id").values_list("name", flat=True).first()
    if first not in {None, BEGUN}:
        raise click.ClickException(
            "This database holds something else than the demo city, which needs one of its own. "
            "Unset DATABASE_URL, or name an empty database."
        )


def _erase() -> None:
    """An empty database, with no files and no intervals beside it."""
    from django.conf import settings
    from django.db import connection

    from lamplighter.cli.booting import migrate_database
    from lamplighter.platform.models import Event

    if not Event.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    for folder in (Path(settings.INTERVAL_STORE), settings.STATE / "files", settings.STATE / "outbox"):
        shutil.rmtree(folder, ignore_errors=True)
    migrate_database()


def _build(*, as_of: datetime | None, full: bool) -> None:
    from django.utils import timezone

    from lamplighter.platform.operations.events import record
    from lamplighter.platform.transactions import unit_of_work
    from lamplighter.town.build import build
    from lamplighter.town.calendar import at
    from lamplighter.town.census import plan_city
    from lamplighter.town.plan import DEFAULT, FULL
    from lamplighter.town.staff import FOUNDER

    began, clock = timezone.now(), time.monotonic()
    today = timezone.localdate(began)
    day = as_of.date() if as_of else today
    now = began if day == today else at(day, 10)
    size = FULL if full else DEFAULT
    click.echo(f"Building Marisol Bay Power as of {day:%B %-d, %Y}: {_customers(size):,} customers.", err=True)
    with unit_of_work(FOUNDER):
        record(BEGUN, subject=CITY, by=FOUNDER, at=began, day=day.isoformat(), full=full)
    telling = _Telling()
    _hurry()
    build(plan_city(day, size), now=now, tell=telling.tell, processes=2)
    telling.end()
    with unit_of_work(FOUNDER):
        record(BUILT, subject=CITY, by=FOUNDER, at=timezone.now(), day=day.isoformat(), full=full)
    click.echo(f"The city stands after {time.monotonic() - clock:.0f} seconds.", err=True)


def _hurry() -> None:
    """A power cut while the city is built loses a city, which is built again: commits need not wait for the disk."""
    from django.db import connection

    os.environ["PGOPTIONS"] = f"{os.environ.get('PGOPTIONS', '')} -c synchronous_commit=off".strip()
    connection.close()


def _customers(size: Size) -> int:
    return size.homes + size.shops + size.medium


def _invite(port: int) -> None:
    from lamplighter.config.demo import DEMO_LOGINS

    click.echo(f"\nOpen http://127.0.0.1:{port}/ and sign in with one click as", err=True)
    for one in DEMO_LOGINS:
        click.echo(f"  {one.label:<20} {one.shows}", err=True)
    click.echo("Ctrl-C stops it; everything is kept.\n", err=True)


class _Telling:
    """The stage that is on, and how much of it is done: one line each, drawn over on a terminal."""

    def __init__(self) -> None:
        self._stage = ""
        self._percent = -1
        self._live = sys.stderr.isatty()

    def tell(self, stage: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if stage != self._stage:
            self.end()
            self._stage, self._percent = stage, -1
            if not self._live:
                click.echo(f"  {stage}...", err=True)
        if self._live and percent != self._percent:
            self._percent = percent
            click.echo(f"\r  {stage}: {percent}%\x1b[K", nl=False, err=True)

    def end(self) -> None:
        if self._stage and self._live:
            click.echo("", err=True)
