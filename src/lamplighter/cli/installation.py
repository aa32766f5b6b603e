"""Where this installation keeps its database, its interval store and its files, known without loading Django."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True, slots=True)
class Installation:
    """`url` is the database's; `intervals` a folder, or the URI of an object store."""

    url: str
    state: Path
    intervals: str

    @property
    def files(self) -> Path:
        return self.state / "files"


def here() -> Installation:
    """This installation as its environment describes it, with the embedded database running."""
    from lamplighter.config.state import state_root

    state = state_root()
    return Installation(
        url=os.environ.get("DATABASE_URL") or _embedded(state),
        state=state,
        intervals=os.environ.get("LAMPLIGHTER_INTERVALS", str(state / "intervals")),
    )


def _embedded(state: Path) -> str:
    from lamplighter.platform.localpg import CannotRunPostgres, Cluster

    try:
        return Cluster(state / "pg").ensure().url("lamplighter")
    except CannotRunPostgres as refused:
        raise click.ClickException(str(refused)) from refused
