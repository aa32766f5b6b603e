"""`lamplighter ratelab`: a tariff priced for every customer over a past year; everybody's best rate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from lamplighter.cli.days import MONTH
from lamplighter.cli.groups import Ordered

AS_DATA = click.option("--json", "as_data", is_flag=True, help="Print JSON, and nothing else, on standard output.")
AS_PERSON = click.option("--as", "username", metavar="USER", required=True, help="The login in whose name it is done.")
BEFORE = click.option("--before", type=MONTH, help="The month after the year; this month if not given.")
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
XLSX = click.option("--xlsx", type=OUT, help="Write the spreadsheet there.")
PDF = click.option("--pdf", type=OUT, help="Write the PDF there.")


@click.group(cls=Ordered)
def ratelab() -> None:
    """Price a rate for every customer over a year."""


@ratelab.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--schedule", required=True, metavar="CODE", help="The schedule that it would replace: R-1, or its key.")
@click.option("--name", default="", help="Name of the study.")
@click.option("--scope", type=click.Choice(["rate", "class"]), default="rate", show_default=True, help="For whom.")
@BEFORE
@XLSX
@PDF
@AS_PERSON
@AS_DATA
def study(
    file: Path, *, schedule: str, name: str, scope: str, before: date | None, xlsx: Path | None, pdf: Path | None,
    username: str, as_data: bool,
) -> None:  # fmt: skip
    """Price the tariff in FILE over a year, beside the rates in force.

    The study is kept, and stands in the rate lab.

    \b
    Exit codes: 0 everybody was priced; 1 refused, or somebody could not be priced; 2 not understood.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import studying

    made = studying.study(file, schedule=schedule, name=name, scope=scope, before=before, username=username)
    studying.tell(made, as_data=as_data, xlsx=xlsx, pdf=pdf)


@ratelab.command("list")
@AS_DATA
def list_(*, as_data: bool) -> None:
    """List the studies that are kept."""
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import studying
    from lamplighter.cli.telling import as_json, columns

    rows = studying.studies()
    if as_data:
        as_json(rows)
    else:
        click.echo(columns(tuple(rows[0]), [tuple(row.values()) for row in rows]) if rows else "No study is kept.")


@ratelab.command()
@click.argument("study", type=int)
@XLSX
@PDF
@AS_DATA
def show(study: int, *, xlsx: Path | None, pdf: Path | None, as_data: bool) -> None:
    """Show STUDY (its number) again.

    \b
    Exit codes: 0 everybody was priced; 1 somebody could not be priced; 2 there is no such study.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import studying

    studying.tell(studying.numbered(study), as_data=as_data, xlsx=xlsx, pdf=pdf)


@ratelab.command()
@BEFORE
@AS_PERSON
@AS_DATA
def best(*, before: date | None, username: str, as_data: bool) -> None:
    """Find everybody's cheapest rate.

    Among those that they may choose by the rate rules, over a year of their own use; kept for the desk's list.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.cli.ratebook import studying
    from lamplighter.cli.telling import as_json

    found = studying.best(before=before, username=username)
    if as_data:
        as_json(found)
    else:
        click.echo(
            f"{found['customers']:,} customers have a choice; {found['better']:,} would pay less on another rate,"
            f" ${found['saving']} a year together."
        )
