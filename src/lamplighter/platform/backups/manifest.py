"""What a backup says of itself: its parts with their sizes and SHA-256, and what made it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lamplighter.platform.backups.refusals import CannotRestore

NAME = "manifest.json"
DUMP = "database.dump"
FORMAT = 1
PLAIN_PATH = re.compile(r"(?!.*\.\.)[\w=.+-]+(/[\w=.+-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup: `database.dump`, or one below `intervals/` or `files/`."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`controls` are the control totals of the moment, as JSON; `keys` tell the data keys without giving them away.

    `migrations` are such as "billing.0002_guards"; `store_version` is the interval table's; `tables` the database's.
    """

    program: str
    made_at: str
    postgresql: int
    tables: int
    migrations: tuple[str, ...]
    store_version: int
    keys: tuple[str, ...]
    controls: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]
    parts: tuple[Part, ...]

    def text(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)


def parsed(text: str) -> Manifest:
    """Raises CannotRestore for anything but a whole manifest of this format."""
    try:
        told = json.loads(text)
        form = told.pop("format")
        if form != FORMAT:
            raise CannotRestore(f"This backup has format {form}, and this program reads format {FORMAT}.")
        for name in ("migrations", "keys", "controls", "missing"):
            told[name] = tuple(told[name])
        told["parts"] = tuple(Part(**part) for part in told["parts"])
        manifest = Manifest(**told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise CannotRestore(f"{NAME} is damaged ({fault}): this is no backup, or not a whole one.") from fault
    for part in manifest.parts:
        if not PLAIN_PATH.fullmatch(part.path):
            raise CannotRestore(f"{NAME} names a part outside the backup: {part.path!r}.")
    return manifest


def told_apart(keys: Iterable[str]) -> tuple[str, ...]:
    """Enough of a digest of each key to recognise it, and too little to find it."""
    return tuple(hashlib.sha256(b"lamplighter.backup:" + key.encode()).hexdigest()[:12] for key in keys)
