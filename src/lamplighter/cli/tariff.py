"""`lamplighter tariff`: tariff files without a database, and the rate book with one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from lamplighter.cli.days import DAY
from lamplighter.cli.groups import Ordered

CLASSES = ("residential", "commercial", "industrial", "government", "lighting")
FILE = click.Path(path_type=Path)
AS_PERSON = click.option("--as", "username", required=True, metavar="USER", help="The login in whose name it is done.")
AS_DATA = click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")


@click.group(cls=Ordered)
def tariff() -> None:
    """Check, explain, draft and adopt tariffs.

    A tariff is a text (docs/algorithms/tariff-files.md) with worked bills as its own tests. One person drafts and
    proposes a version, another one adopts it.
    """


@tariff.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@AS_DATA
def check(files: tuple[Path, ...], *, as_data: bool) -> None:
    """Check tariff files.

    They are read, what cannot be priced is looked for, and their own worked bills are worked. Findings name file and
    line. Of a folder every *.toml is checked; versions of one schedule must follow each other. Needs no database.

    \b
    Exit codes: 0 sound, 1 something is wrong, 2 a file could not be read.
    """
    from lamplighter.cli.ratebook.checking import check_files
    from lamplighter.cli.telling import as_json, finding_line

    checked = check_files(files)
    if not checked:
        raise click.UsageError("There are no tariff files (*.toml) there.")
    if as_data:
        as_json({"files": [one.data() for one in checked]})
    else:
        for one in checked:
            for finding in one.findings:
                click.echo(finding_line(finding, one.file))
            if one.tariff is not None and one.status == 0:
                click.echo(f"{one.file}: sound, {one.tariff.version}, worked bills {len(one.tariff.bills)}")
    raise SystemExit(max(one.status for one in checked))


@tariff.command()
@click.argument("file", type=FILE)
def explain(file: Path) -> None:
    """Explain a tariff file in words.

    What it is, what it asks and measures, and how each of its worked bills comes about. Needs no database.
    """
    from lamplighter.cli.ratebook.checking import check_file
    from lamplighter.cli.ratebook.explaining import in_words, worked_bills
    from lamplighter.cli.telling import finding_line

    checked = check_file(file)
    for finding in checked.findings:
        click.echo(finding_line(finding, checked.file), err=True)
    if checked.tariff is not None and checked.status == 0:
        click.echo("\n\n".join([in_words(checked.tariff), *worked_bills(checked.tariff)]))
    raise SystemExit(checked.status)


@tariff.command("list")
@click.option("--on", type=DAY, help="In force on this day; today if not given.")
@AS_DATA
def list_(*, on: date | None, as_data: bool) -> None:
    """List the schedules of the rate book.

    With the version of each that is in force, and how many wait to be proposed or adopted.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.days import today
    from lamplighter.cli.ratebook.book import schedules
    from lamplighter.cli.telling import as_json, columns

    found = schedules(on=on or today())
    if as_data:
        as_json({"schedules": found})
    elif found:
        click.echo(columns(tuple(found[0]), [tuple(row.values()) for row in found]))
    else:
        click.echo("The rate book is empty. `lamplighter tariff draft FILE` begins one.")


@tariff.command()
@click.argument("schedule")
@click.option("--on", type=DAY, help="In force on this day; today if not given.")
@AS_DATA
def show(schedule: str, *, on: date | None, as_data: bool) -> None:
    """Show the versions of a schedule.

    SCHEDULE is its code (R-1) or key (marisol-bay-power/r-1). The version in force is told in words.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.days import today
    from lamplighter.cli.ratebook.book import in_force, schedule_named, versions_of
    from lamplighter.cli.ratebook.explaining import in_words
    from lamplighter.cli.telling import as_json, columns

    found = schedule_named(schedule)
    versions = [{**row, "sha256": row["sha256"] if as_data else row["sha256"][:12]} for row in versions_of(found)]
    if as_data:
        as_json({"schedule": found.pk, "name": found.name, "class": found.customer_class, "versions": versions})
        return
    click.echo(f"{found.pk}: {found.name}, {found.customer_class}\n")
    click.echo(columns(tuple(versions[0]), [tuple(row.values()) for row in versions]))
    day = on or today()
    now = in_force(found, on=day)
    click.echo(f"\n{in_words(now)}" if now else f"\nNo version is in force on {day}.")


@tariff.command()
@click.argument("file", type=FILE)
@click.option("--class", "customer_class", type=click.Choice(CLASSES), required=True, help="Whom the schedule is for.")
@AS_PERSON
def draft(file: Path, *, customer_class: str, username: str) -> None:
    """Keep a tariff file as a draft.

    Refused, with file and line, unless it is sound and its worked bills come out.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import adopting

    made = adopting.draft(file, customer_class=customer_class, username=username)
    click.echo(f"Version {made.pk} of {made.schedule.code}, {made.period}, is a draft.")


@tariff.command()
@click.argument("version", type=int)
@click.option("--remark", default="", help="Words for whoever adopts it.")
@AS_PERSON
def propose(version: int, *, remark: str, username: str) -> None:
    """Propose a draft for adoption.

    VERSION is its number. It then waits for a second person.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import adopting

    made = adopting.propose(version, username=username, remark=remark)
    click.echo(f"Version {version} of {made.schedule.code} waits for a second person to adopt it.")


@tariff.command()
@click.argument("version", type=int)
@AS_PERSON
def adopt(version: int, *, username: str) -> None:
    """Adopt a proposed version.

    VERSION is its number. Whoever drafted or proposed it cannot adopt it. The version before ends where it begins.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import adopting

    made = adopting.adopt(version, username=username)
    click.echo(f"Version {version} of {made.schedule.code} is in force {made.period}.")
