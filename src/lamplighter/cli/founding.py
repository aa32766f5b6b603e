"""`lamplighter found`: what a utility has before its first customer."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lamplighter.cli.price import tell


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def found(file: Path) -> None:
    """Begin a utility: books, letters, bank, who taxes, where money comes in, cycles, the first login.

    FILE is a text (docs/conversion.md). What is there already stays as it is: the command may be given again.

    \b
    Exit codes: 0 done, 1 refused with findings.
    """
    from lamplighter.formats.conversion.utility import Refused, utility_of

    try:
        utility = utility_of(file)
    except Refused as refused:
        tell(refused.findings)
        sys.exit(1)
    from lamplighter.cli.booting import boot

    boot()
    from django.conf import settings
    from django.utils import timezone

    from lamplighter.journeys import founding
    from lamplighter.kernel.actors import system
    from lamplighter.payments.refunds.rules import CannotRefund
    from lamplighter.platform.queries.invitations import first_password
    from lamplighter.platform.transactions import unit_of_work

    by = system("founding")
    try:
        with unit_of_work(by):
            done = founding.found(utility=utility, by=by, at=timezone.now())
    except CannotRefund as refused:
        raise click.ClickException(f"{file.name}, bank: {refused}") from refused
    click.echo("\n".join(f"Added {one}" for one in done.added) or "Everything is there already.")
    if utility.name != settings.UTILITY_NAME:
        click.echo(
            f"Pages and bills say “{settings.UTILITY_NAME}”: set LAMPLIGHTER_UTILITY to “{utility.name}”.", err=True
        )
    if done.administrator is not None:
        where = settings.PUBLIC_URL or "http://127.0.0.1:8000"
        click.echo(
            f"{done.administrator.name} chooses a password, once, at\n{where}{first_password(done.administrator)}"
        )
