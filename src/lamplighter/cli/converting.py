"""`lamplighter convert`: take a utility over from another system."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lamplighter.cli.price import tell

if TYPE_CHECKING:
    from lamplighter.formats.conversion.reading import Handover
    from lamplighter.journeys.conversion.taking import Cutover
    from lamplighter.journeys.converting import Converted

SHOWN = 50  # findings on the screen; JSON has all


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The cut-over: debts stand as of this day."
)
@click.option("--trial", is_flag=True, help="Do all of it, tell what came of it, and take it back.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on standard output.")
def convert(folder: Path, *, on: datetime, trial: bool, as_json: bool) -> None:
    """Take a utility over from another system: the tables in FOLDER (docs/conversion.md).

    The same again changes nothing: mend what was left out, and give the command again.

    \b
    JSON: {"tables": [{"table", "new", "before", "left_out"}], "findings": [{"file", "code", "severity", "line",
    "field", "message", "remedy"}]}.

    \b
    Exit codes: 0 all of it is in, 1 something was left out, 2 a file cannot be read.
    """
    from lamplighter.formats.conversion.reading import read_folder
    from lamplighter.formats.refusals import Unreadable

    try:
        handover = read_folder(folder)
    except Unreadable as refused:
        click.echo(f"error: {refused.finding}", err=True)
        sys.exit(2)
    from lamplighter.cli.booting import boot

    boot()
    from django.utils import timezone

    from lamplighter.journeys.conversion.taking import Cutover
    from lamplighter.kernel.actors import system

    done = _converted(handover, Cutover(on.date(), system("conversion"), timezone.now()), trial=trial, quiet=as_json)
    if as_json:
        click.echo(_json(done))
    else:
        _show(done, trial=trial)
    sys.exit(1 if done.findings else 0)


def _converted(handover: Handover, cutover: Cutover, *, trial: bool, quiet: bool) -> Converted:
    from django.db import transaction
    from rich.console import Console
    from rich.progress import Progress

    from lamplighter.journeys.converting import convert as taken
    from lamplighter.platform.transactions import unit_of_work

    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bars:
        shown = {table: bars.add_task(table, total=None) for table in handover.tables}

        def told(table: str, done: int, whole: int) -> None:
            bars.update(shown[table], completed=done, total=whole)

        if not trial:
            return taken(handover, cutover, told=told)
        with unit_of_work(cutover.by):
            found = taken(handover, cutover, told=told)
            transaction.set_rollback(True)
            return found


def _show(done: Converted, *, trial: bool) -> None:
    from lamplighter.cli.telling import columns

    tell(done.findings[:SHOWN])
    if len(done.findings) > SHOWN:
        click.echo(f"and {len(done.findings) - SHOWN:,} more; --json tells all", err=True)
    rows = [(one.table, f"{one.new:,}", f"{one.before:,}", f"{one.left_out:,}") for one in done.tables]
    click.echo(columns(("table", "new", "here before", "left out"), rows))
    if trial:
        click.echo("A trial: nothing of it was kept.")


def _json(done: Converted) -> str:
    from lamplighter.formats.summaries import finding_summary

    tables = [
        {"table": one.table, "new": one.new, "before": one.before, "left_out": one.left_out} for one in done.tables
    ]
    found = {"tables": tables, "findings": [{"file": one.place.file, **finding_summary(one)} for one in done.findings]}
    return json.dumps(found, indent=2, ensure_ascii=False)
