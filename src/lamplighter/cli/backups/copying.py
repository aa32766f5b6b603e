"""Make a backup: the database at one moment, then the interval store and the files, which hold all that it names."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click

import lamplighter
from lamplighter.cli.booting import boot
from lamplighter.cli.installation import here
from lamplighter.platform.backups import databases, manifest, programs, storefiles
from lamplighter.platform.backups.archive import Writer, writing
from lamplighter.platform.backups.manifest import DUMP, Manifest, Part
from lamplighter.platform.backups.refusals import CannotBackUp
from lamplighter.platform.backups.storefiles import StoreVersion

PUBLISHING = "usage.publish"  # the lock under which revisions are appended and published (usage.operations)


def back_up(target: Path) -> bool:
    """Write the backup; whether everything in the original held. Raises CannotBackUp, ProgramFailed, OSError."""
    boot(migrate=False)
    ours = here()
    if not databases.tables(ours.url, databases.name_of(ours.url)):
        raise CannotBackUp("There is nothing to back up yet: the database is empty.")
    with writing(target) as (writer, work):
        copy = _Copy(writer, work, ours.url)
        copy.take()
        text = copy.manifest().text().encode()
        writer.add(manifest.NAME, size=len(text), content=io.BytesIO(text), progress=_nothing)
    _tell(target, copy)
    return copy.holds and not copy.missing


@dataclass
class _Copy:
    """A backup in the making. `holds` tells whether every control held, `missing` the files that were not there."""

    writer: Writer
    work: Path
    url: str
    parts: list[Part] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    controls: tuple[dict[str, object], ...] = ()
    holds: bool = True
    store: StoreVersion = field(default_factory=lambda: StoreVersion(0, ()))
    tables: int = 0

    def take(self) -> None:
        """The moment is the database's. What it publishes was committed to the store before, and stays there; what it
        names was in the file store before. So both are copied afterwards, and nobody has to wait."""
        from lamplighter.platform.backups.moment import moment
        from lamplighter.platform.models import StoredFile
        from lamplighter.usage.store import interval_store

        store = interval_store()
        with moment(holding=PUBLISHING) as caught:
            self.store = storefiles.newest(store)
            caught.release()
            self._dump(caught.snapshot)
            self._take_controls()
            named = list(StoredFile.objects.order_by("sha256").values_list("sha256", "size"))
        size = sum(size for _, size in (*self.store.files, *named))
        with click.progressbar(length=size, label="Intervals and files", file=sys.stderr) as bar:
            for path, length in self.store.files:
                with storefiles.opened(store, path) as content:
                    part = self.writer.add(f"intervals/{path}", size=length, content=content, progress=bar.update)
                self.parts.append(part)
            for sha256, _ in named:
                self._add_file(sha256, bar.update)

    def manifest(self) -> Manifest:
        from django.conf import settings
        from django.db import connection
        from django.db.migrations.recorder import MigrationRecorder

        return Manifest(
            program=lamplighter.__version__,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            postgresql=databases.series(self.url),
            tables=self.tables,
            migrations=tuple(sorted(f"{a}.{n}" for a, n in MigrationRecorder(connection).applied_migrations())),
            store_version=self.store.version,
            keys=manifest.told_apart(settings.DATA_KEYS),
            controls=self.controls,
            missing=tuple(self.missing),
            parts=tuple(self.parts),
        )

    def _dump(self, snapshot: str) -> None:
        dump = self.work / DUMP
        self.tables = databases.tables(self.url, databases.name_of(self.url))
        program = programs.client("pg_dump", major=databases.series(self.url))
        with click.progressbar(length=self.tables, label="Database", file=sys.stderr) as bar:
            programs.run(
                program, "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges",
                f"--file={dump}", url=self.url, progress=bar.update, counting="dumping contents of table",
            )  # fmt: skip
        with dump.open("rb") as content:
            self.parts.append(self.writer.add(DUMP, size=dump.stat().st_size, content=content, progress=_nothing))
        dump.unlink()

    def _take_controls(self) -> None:
        """Of the same moment, over the connection that sees it."""
        from lamplighter.cli.backups import proof
        from lamplighter.cli.backups.migrations import unapplied

        if waiting := unapplied():
            click.echo(f"Controls are left to the restored copy: {waiting} migrations are not applied here.", err=True)
            return
        self.holds, told = proof.taken()
        self.controls = tuple(dict(control) for control in told)

    def _add_file(self, sha256: str, progress: Callable[[int], None]) -> None:
        from lamplighter.platform.queries.files import path_of

        path = path_of(sha256)
        try:
            with path.open("rb") as content:
                name = f"files/{sha256[:2]}/{sha256}"
                part = self.writer.add(name, size=path.stat().st_size, content=content, progress=progress)
        except FileNotFoundError:
            self.missing.append(sha256)
            return
        self.parts.append(part)
        if part.sha256 != sha256:
            self.missing.append(sha256)


def _tell(target: Path, copy: _Copy) -> None:
    size = sum(part.size for part in copy.parts)
    click.echo(f"{target}: {len(copy.parts):,} parts, {size:,} bytes, interval store at version {copy.store.version}")
    for sha256 in copy.missing:
        click.echo(f"The stored file {sha256} is missing here or damaged. Look for it in an older backup.", err=True)
    if not copy.holds:
        click.echo("The backup is whole, but the original does not hold: see above.", err=True)


def _nothing(_: int) -> None:
    return None
