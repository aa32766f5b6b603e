"""The form of a backup: a tar file or a folder, written beside its place and then renamed, read with its hashes."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from lamplighter.platform.backups import manifest as manifests
from lamplighter.platform.backups.manifest import Manifest, Part
from lamplighter.platform.backups.refusals import CannotBackUp, CannotRestore

CHUNK = 1 << 20
PACKED = {".gz", ".tgz", ".zip", ".xz", ".bz2", ".zst"}
Progress = Callable[[int], None]


class Writer(Protocol):
    """Takes the parts of a backup, one after another."""

    def add(self, path: str, *, size: int, content: IO[bytes], progress: Progress) -> Part: ...


@contextmanager
def writing(target: Path) -> Iterator[tuple[Writer, Path]]:
    """A writer, and a private folder on the same disk to work in. When the block ends well, `target` is there, whole;
    otherwise nothing is."""
    if target.suffix in PACKED:
        raise CannotBackUp(f"{target.name}: a backup is a .tar file or a folder; what is in it is compressed already.")
    if target.exists():
        raise CannotBackUp(f"{target} is there already: choose another name, or remove it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        whole = work / "whole"
        with ExitStack() as stack:
            writer = stack.enter_context(_TarWriter(whole)) if target.suffix == ".tar" else _FolderWriter(whole)
            yield writer, work
        _sync(whole)
        whole.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Backup:
    """An opened backup: its manifest, and its parts."""

    def __init__(self, opener: Callable[[str], IO[bytes]]) -> None:
        self._open = opener
        with self._opened(manifests.NAME) as file:
            self.manifest: Manifest = manifests.parsed(file.read().decode(errors="replace"))

    def extract(self, part: Part, target: Path, *, progress: Progress) -> None:
        """Copy a part to `target`. Raises CannotRestore unless it is, to the bit, what the manifest says."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._opened(part.path) as source, target.open("xb") as file:
            found = _copy(source, file, path=part.path, progress=progress)
        if found != part:
            raise CannotRestore(
                f"{part.path} is damaged: {part.size:,} bytes of SHA-256 {part.sha256[:12]} were written, "
                f"{found.size:,} of {found.sha256[:12]} are there. Take another backup."
            )

    def _opened(self, path: str) -> IO[bytes]:
        try:
            return self._open(path)
        except (OSError, KeyError, tarfile.TarError) as fault:
            raise CannotRestore(f"{path} is missing from the backup, or cannot be read: {fault}") from fault


@contextmanager
def reading(source: Path) -> Iterator[Backup]:
    """Raises CannotRestore when `source` is no backup."""
    if source.is_dir():
        yield Backup(lambda path: (source / path).open("rb"))
        return
    try:
        tar = tarfile.open(source, "r:")  # noqa: SIM115 - closed below
    except (OSError, tarfile.TarError) as fault:
        raise CannotRestore(f"{source} is no backup: {fault}") from fault
    with tar:
        yield Backup(lambda path: _member(tar, path))


class _FolderWriter:
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700)

    def add(self, path: str, *, size: int, content: IO[bytes], progress: Progress) -> Part:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            part = _copy(content, file, path=path, progress=progress)
            file.flush()
            os.fsync(file.fileno())
        return _expected(part, size)


class _TarWriter:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> _TarWriter:
        self.path.touch(mode=0o600)
        self.tar = tarfile.open(self.path, "w", format=tarfile.PAX_FORMAT)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(tarfile.TarError):
            self.tar.close()

    def add(self, path: str, *, size: int, content: IO[bytes], progress: Progress) -> Part:
        member = tarfile.TarInfo(path)
        member.size, member.mode = size, 0o600
        read = _Hashed(content, progress)
        self.tar.addfile(member, read)
        return _expected(Part(path, read.size, read.digest.hexdigest()), size)


class _Hashed(io.RawIOBase):
    """A file that is hashed while somebody reads it."""

    def __init__(self, content: IO[bytes], progress: Progress) -> None:
        self.content, self.progress = content, progress
        self.digest, self.size = hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        self.progress(len(chunk))
        return chunk


def _copy(source: IO[bytes], target: IO[bytes], *, path: str, progress: Progress) -> Part:
    read = _Hashed(source, progress)
    while chunk := read.read(CHUNK):
        target.write(chunk)
    return Part(path, read.size, read.digest.hexdigest())


def _expected(part: Part, size: int) -> Part:
    if part.size != size:
        raise CannotBackUp(f"{part.path} had {size:,} bytes and has {part.size:,} now: what never changes has changed.")
    return part


def _member(tar: tarfile.TarFile, path: str) -> IO[bytes]:
    file = tar.extractfile(path)
    if file is None:
        raise KeyError(path)
    return file


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
