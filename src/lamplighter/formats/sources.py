"""Opens what a sender delivers: a plain file, a gzip, a zip of several; never more of it than the limits allow."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from lamplighter.formats.refusals import DEFAULT_LIMITS, Limits, refusal

HEAD = 1 << 16
CHUNK = 1 << 20
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError)
ZIP, EMPTY_ZIP, GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
CLUTTER = {"__MACOSX", ".DS_Store", "Thumbs.db"}


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Delivery:
    """The bytes of one file, decompressed while they are read, with the first of them to look at beforehand.

    `broken` says in words what ended the file too early; it is empty until then.
    """

    def __init__(self, raw: Readable, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.name = name
        self.limits = limits
        self.broken = ""
        self._raw = raw
        self._read = 0
        self.head = b""
        while len(self.head) < HEAD and (more := self._more(HEAD - len(self.head))):
            self.head += more
        self._ahead = self.head

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes. Raises Unreadable when the file turns out larger than its limit."""
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        return self._more(size)

    def _more(self, size: int) -> bytes:
        if self.broken:
            return b""
        try:
            data = self._raw.read(size)
        except BROKEN as error:
            self.broken = str(error) or type(error).__name__
            return b""
        self._read += len(data)
        if self._read > self.limits.bytes:
            raise refusal(
                "file.size",
                f"the file is larger than {self.limits.bytes:,} bytes when it is unpacked.",
                file=self.name,
                remedy="Ask the sender to split it, or raise the limit for this feed.",
            )
        return data


def deliveries(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Delivery]:
    """Every file that a path stands for. Raises Unreadable when it cannot be opened."""
    try:
        with path.open("rb") as raw:
            yield from deliveries_of(raw, path.name, limits)
    except FileNotFoundError:
        raise refusal("file.missing", "there is no such file.", file=str(path), remedy="Check the name.") from None
    except (IsADirectoryError, PermissionError, OSError) as error:
        reason = error.strerror or "it cannot be opened"
        raise refusal("file.unopened", f"the file cannot be read: {reason}.", file=str(path)) from None


def deliveries_of(raw: IO[bytes], name: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Delivery]:
    """Every file in an open one that can be sought in."""
    magic = raw.read(4)
    raw.seek(0)
    if not magic:
        raise refusal("file.empty", "the file is empty.", file=name, remedy="Ask the sender to send it again.")
    if magic in {ZIP, EMPTY_ZIP}:
        yield from _unzipped(raw, name, limits)
    elif magic.startswith(GZIP):
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield _checked(Delivery(unpacked, name, limits))
    else:
        yield Delivery(raw, name, limits)


def delivery_of(data: bytes, name: str = "", limits: Limits = DEFAULT_LIMITS) -> Delivery:
    """Bytes that are already here, as they are."""
    return Delivery(io.BytesIO(data), name, limits)


def _unzipped(raw: IO[bytes], name: str, limits: Limits) -> Iterator[Delivery]:
    try:
        archive = zipfile.ZipFile(raw)
    except (*BROKEN, ValueError, OSError) as error:
        raise refusal(
            "archive.broken", f"the zip file cannot be opened: {error}.", file=name, remedy="Ask for it again."
        ) from None
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _clutter(member.filename)]
        _check_members(members, name, limits)
        for member in members:
            inside = f"{name}/{member.filename}" if len(members) > 1 else name
            try:
                opened = archive.open(member)
            except (*BROKEN, ValueError, OSError) as error:
                raise refusal("archive.broken", f"{member.filename} cannot be unpacked: {error}.", file=name) from None
            with opened:
                yield _checked(Delivery(opened, inside, limits))


def _check_members(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if not members:
        raise refusal("archive.empty", "the zip file holds no file.", file=name, remedy="Ask for it again.")
    if len(members) > limits.members:
        raise refusal("archive.members", f"the zip file holds more than {limits.members:,} files.", file=name)
    if sum(member.file_size for member in members) > limits.bytes:
        raise refusal(
            "archive.size",
            f"the zip file says that it unpacks to more than {limits.bytes:,} bytes.",
            file=name,
            remedy="Ask the sender to split it, or raise the limit for this feed.",
        )
    for member in members:
        if member.flag_bits & 1:
            raise refusal("archive.locked", f"{member.filename} in the zip file has a password.", file=name)
        if _outside(member.filename):
            raise refusal(
                "archive.path",
                f"the zip file names {member.filename!r}, which is no plain path inside it.",
                file=name,
                remedy="Such names are used to overwrite other files: ask who made it.",
            )


def _checked(delivery: Delivery) -> Delivery:
    """What came out of an archive is no archive again, and not nothing."""
    if delivery.head.startswith((ZIP, EMPTY_ZIP, GZIP)):
        raise refusal("archive.nested", "an archive inside an archive is not read.", file=delivery.name)
    if not delivery.head and not delivery.broken:
        raise refusal("file.empty", "the file is empty.", file=delivery.name)
    if not delivery.head:
        raise refusal("archive.broken", f"the file cannot be unpacked: {delivery.broken}.", file=delivery.name)
    return delivery


def _clutter(path: str) -> bool:
    return bool(CLUTTER & set(PurePosixPath(path).parts))


def _outside(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or not path.isprintable()
