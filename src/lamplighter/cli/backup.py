"""`lamplighter backup` and `lamplighter restore`: everything that an installation keeps, out and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

Work = TypeVar("Work", bound=Callable[..., None])


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy the database, the interval store and the files to TARGET: a tar file if it ends in .tar, else a folder.

    Work may go on meanwhile: the copy is of one moment. It holds personal data, and not the keys that open sealed
    numbers: keep those apart.

    \b
    Exit codes: 0 whole, 1 a file or a control total of the original does not hold.
    """
    from lamplighter.cli.backups.copying import back_up

    with _told_clearly():
        whole = back_up(target)
    raise SystemExit(0 if whole else 1)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the copy in the place of what is there now, which is deleted.")
def restore(source: Path, *, replace: bool) -> None:
    """Bring a backup back into this installation, and prove it with the control totals.

    Each part is checked against its SHA-256. The copy is restored beside what is there, and takes its place only when
    its control totals are those of the original.

    \b
    Exit codes: 0 proved, 1 a control total differs.
    """
    from lamplighter.cli.backups.restoring import bring_back

    with _told_clearly():
        whole = bring_back(source, replace=replace)
    raise SystemExit(0 if whole else 1)


@contextmanager
def _told_clearly() -> Iterator[None]:
    import django.db
    import psycopg

    from lamplighter.platform.backups.programs import ProgramFailed
    from lamplighter.platform.backups.refusals import CannotBackUp, CannotRestore

    try:
        yield
    except (CannotBackUp, CannotRestore, ProgramFailed, OSError, psycopg.Error, django.db.Error) as refused:
        raise click.ClickException(str(refused).strip()) from refused
