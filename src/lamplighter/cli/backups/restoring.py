"""Restore a backup beside what is there, prove it, and let it take its place."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from lamplighter.cli.booting import boot, migrate_database
from lamplighter.cli.installation import Installation, here
from lamplighter.cli.switching import finish_restore
from lamplighter.config.state import secret_key
from lamplighter.platform.backups import databases, manifest, programs, switching
from lamplighter.platform.backups.archive import Backup, reading
from lamplighter.platform.backups.manifest import Manifest
from lamplighter.platform.backups.refusals import CannotRestore
from lamplighter.platform.backups.switching import Switch


def bring_back(source: Path, *, replace: bool) -> bool:
    """Restore and switch; whether every control holds. Raises CannotRestore (nothing changed), ProgramFailed, OSError.

    A copy whose controls tell something else than the original's is not put in place. One of an original whose books
    did not hold is: they are what they were.
    """
    finish_restore()
    ours = here()
    with reading(source) as backup:
        told = backup.manifest
        _check_place(ours, replace=replace)
        _check_fit(told, ours)
        with _stage(ours) as stage:
            stage.enter()
            _check_program(told)
            _unpack(backup, stage)
            _load(told, stage)
            whole = _proven(told, stage)
            switching.begin(stage.switch, state=ours.state, url=ours.url)
    click.echo(f"Restored: {source}, made {told.made_at} by Lamplighter {told.program}.")
    return whole and not told.missing


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a copy is restored before it takes its place: a database, a state folder and a store beside ours."""

    ours: Installation
    database: str
    state: Path
    intervals: Path

    @property
    def url(self) -> str:
        return databases.beside(self.ours.url, self.database)

    @property
    def switch(self) -> Switch:
        folders = (self.intervals, Path(self.ours.intervals)), (self.state / "files", self.ours.files)
        return Switch(
            database=databases.name_of(self.ours.url),
            new_database=self.database,
            folders=tuple((str(new.absolute()), str(place.absolute())) for new, place in folders),
        )

    def enter(self) -> None:
        """From here on this process is of the copy: settings read the environment once."""
        os.environ["LAMPLIGHTER_SECRET_KEY"] = secret_key(self.ours.state)
        os.environ["DATABASE_URL"] = self.url
        os.environ["LAMPLIGHTER_STATE"] = str(self.state)
        os.environ["LAMPLIGHTER_INTERVALS"] = str(self.intervals)
        boot(migrate=False)

    def clear(self) -> None:
        databases.drop(self.ours.url, self.database)
        for folder in (self.state, self.intervals):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stage(ours: Installation) -> Iterator[_Stage]:
    name = databases.name_of(ours.url)
    stage = _Stage(ours, f"{name}_restoring", ours.state / "restoring", Path(f"{ours.intervals}.restoring"))
    stage.clear()
    databases.make(ours.url, stage.database)
    (stage.state / "files").mkdir(parents=True)
    stage.intervals.mkdir(parents=True)
    try:
        yield stage
    finally:
        stage.clear()


def _check_place(ours: Installation, *, replace: bool) -> None:
    if "://" in ours.intervals:
        raise CannotRestore(
            f"The interval store of this installation is {ours.intervals}, where a copy cannot take its place by "
            "renaming. Restore with LAMPLIGHTER_INTERVALS naming a folder, and copy that folder there."
        )
    name = databases.name_of(ours.url)
    there = {
        f"{databases.tables(ours.url, name)} tables in the database {name}": databases.tables(ours.url, name) > 0,
        f"an interval store in {ours.intervals}": (Path(ours.intervals) / "_delta_log").exists(),
        f"files in {ours.files}": ours.files.exists() and any(ours.files.iterdir()),
    }
    if (found := [what for what, is_there in there.items() if is_there]) and not replace:
        raise CannotRestore(
            f"There is something here already: {'; '.join(found)}. --replace puts the copy in its place."
        )
    if databases.is_used(ours.url, name):
        raise CannotRestore(databases.in_use(name))


def _check_fit(told: Manifest, ours: Installation) -> None:
    if (server := databases.series(ours.url)) < told.postgresql:
        raise CannotRestore(
            f"The backup is of PostgreSQL {told.postgresql}, and this server is {server}: an older one cannot be "
            f"relied on to read it. Restore it on {told.postgresql} or newer."
        )


def _check_program(told: Manifest) -> None:
    from django.conf import settings

    from lamplighter.cli.backups.migrations import unknown

    if newer := unknown(told.migrations):
        raise CannotRestore(
            f"The backup was made by Lamplighter {told.program}, which is newer than this one: it has the migration "
            f"{newer[0]}. Install that version first."
        )
    if not set(told.keys) & set(manifest.told_apart(settings.DATA_KEYS)):
        click.echo(
            "Note: identity and bank numbers in this copy were sealed with a key that is not here. They open once that "
            "key is in LAMPLIGHTER_DATA_KEYS (or its file secret_key in the state folder).",
            err=True,
        )


def _unpack(backup: Backup, stage: _Stage) -> None:
    with click.progressbar(length=backup.manifest.size, label="Unpacking and checking", file=sys.stderr) as bar:
        for part in backup.manifest.parts:
            backup.extract(part, _place(part.path, stage), progress=bar.update)


def _place(path: str, stage: _Stage) -> Path:
    match path.split("/", maxsplit=1):
        case ["intervals", rest]:
            return stage.intervals / rest
        case ["files", rest]:
            return stage.state / "files" / rest
        case [manifest.DUMP]:
            return stage.state / manifest.DUMP
    raise CannotRestore(f"The manifest names a part that no backup has: {path}.")


def _load(told: Manifest, stage: _Stage) -> None:
    program = programs.client("pg_restore", major=databases.series(stage.ours.url))
    with click.progressbar(length=told.tables, label="Database", file=sys.stderr) as bar:
        programs.run(
            program, "--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={min(os.cpu_count() or 1, 4)}",
            str(stage.state / manifest.DUMP), url=stage.url, progress=bar.update, counting="processing data for table",
        )  # fmt: skip
    (stage.state / manifest.DUMP).unlink()


def _proven(told: Manifest, stage: _Stage) -> bool:
    """Whether every control holds in the copy. Raises CannotRestore where the copy is not what the original was."""
    from django.db import connections

    from lamplighter.cli.backups import proof
    from lamplighter.intervals.store import IntervalStore
    from lamplighter.platform.backups import storefiles

    prefix = "intervals/"
    parts = [(p.path.removeprefix(prefix), p.size) for p in told.parts if p.path.startswith(prefix)]
    storefiles.check(IntervalStore(stage.intervals), version=told.store_version, parts=parts)
    _check_files(told)
    migrate_database()
    whole, now = proof.taken()
    same = proof.compared(now, told.controls)
    connections.close_all()
    if not same:
        raise CannotRestore("The restored copy is not what the original was; nothing was put in its place.")
    return whole


def _check_files(told: Manifest) -> None:
    """Every file that the database names came along, but those that were missing at the original too."""
    from lamplighter.platform.models import StoredFile

    there = {part.sha256 for part in told.parts if part.path.startswith("files/")}
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    if lost := sorted(named - there - set(told.missing)):
        raise CannotRestore(
            f"{len(lost)} stored files are not in the backup, the first {lost[0]}. Take another backup."
        )
    for sha256 in told.missing:
        click.echo(f"The stored file {sha256} was missing at the original already.", err=True)
