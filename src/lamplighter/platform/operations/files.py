"""The file store: bytes by their SHA-256, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import StoredFile
from lamplighter.platform.queries.files import path_of, store_root
from lamplighter.platform.transactions import in_transaction


@in_transaction
def store_file(
    chunks: Iterable[bytes], *, name: str, media_type: str, by: Actor, at: datetime
) -> tuple[StoredFile, bool]:
    """Keep a file; the second value tells whether it is new. The same bytes are kept once, under the first name."""
    sha256, size = _put(chunks)
    return StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": Path(name).name[:255], "size": size, "media_type": media_type, "stored_by": by, "stored_at": at,
        },
    )  # fmt: skip


@in_transaction
def store_files(
    files: Iterable[tuple[str, bytes]], *, media_type: str, by: Actor, at: datetime
) -> list[StoredFile]:  # fmt: skip
    """Keep many, told by name and bytes: each is written as it comes, and their rows together."""
    rows = []
    for name, data in files:
        sha256, size = _put([data])
        rows.append(
            StoredFile(
                sha256=sha256, name=Path(name).name[:255], size=size, media_type=media_type, stored_by=by, stored_at=at
            )
        )
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True)  # the same bytes are there already
    there = StoredFile.objects.in_bulk([row.pk for row in rows])
    return [there[row.pk] for row in rows]


def _put(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Their digest and how many they are. Of a file that breaks off nothing is left."""
    root = store_root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as temporary:
        part = Path(temporary.name)
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                temporary.write(chunk)
            temporary.flush()
            os.fsync(temporary.fileno())
            target = path_of(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return digest.hexdigest(), size
