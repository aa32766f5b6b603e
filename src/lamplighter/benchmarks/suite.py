"""Run figures one after the other, each in its own process, on folders and a database that are thrown away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamplighter.benchmarks.figures import FIGURES, Figure
from lamplighter.platform.localpg import Cluster


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured. `value` and `reference` are None where it cannot be measured here or failed; `work` says
    why, and `failed` which of the two it is."""

    figure: Figure
    value: float | None
    reference: float | None
    work: str
    peak_mb: float | None
    failed: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.value and self.reference else None

    def data(self) -> dict[str, Any]:
        return {
            "name": self.figure.name,
            "value": _rounded(self.value, 1),
            "unit": self.figure.unit,
            "reference": _rounded(self.reference, 1),
            "ratio": _rounded(self.ratio, 4),
            "peak_mb": self.peak_mb,
            "what": self.figure.what,
            "beside": self.figure.beside,
            "work": self.work,
        }


def run(names: Iterable[str], *, size: str) -> Iterator[Result]:
    """Each figure as it is done. The utility is built once, when the first figure wants it."""
    with _site(size) as site:
        for name in names:
            yield site.measured(FIGURES[name])


@dataclass
class _Site:
    """A folder for everything, and a durable PostgreSQL that is started when it is wanted."""

    folder: Path
    size: str
    made: list[Cluster] = field(default_factory=list)
    broken: str = ""

    def measured(self, figure: Figure) -> Result:
        try:
            url = self._database(figure.name) if figure.utility else ""
            work = Path(tempfile.mkdtemp(prefix=f"{figure.name}-", dir=self.folder))
            said = json.loads(self._child(figure.name, str(work), url=url))
            shutil.rmtree(work)
        except subprocess.CalledProcessError as failed:
            return Result(figure, None, None, f"failed: {_last_line(failed.stderr)}", None, failed=True)
        return Result(figure, **said)

    def _database(self, name: str) -> str:
        """A database of the figure's own, copied from that of the seeded utility."""
        if not self.made:
            self.made.append(Cluster(self.folder / "pg", refuge=self.folder / "refuge").ensure())
            self.made[0].create_database("seed")
            self._child("seed", str(self.folder), url=self.made[0].url("seed"))
        self.made[0].create_database(name, template="seed")
        return self.made[0].url(name)

    def _child(self, name: str, folder: str, *, url: str) -> str:
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("LAMPLIGHTER_", "DATABASE_"))}
        ours.pop("PYTEST_VERSION", None)  # settings are those of production
        state = {"LAMPLIGHTER_STATE": str(self.folder / "state"), "DATABASE_URL": url or "postgresql:///none"}
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", __package__, name, self.size, folder],
            env=ours | state, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout


@contextmanager
def _site(size: str) -> Iterator[_Site]:
    """In a folder that the database's own account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="lamplighter-bench-")).resolve()
    folder.chmod(0o755)
    site = _Site(folder, size)
    try:
        yield site
    finally:
        for cluster in site.made:
            cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _rounded(number: float | None, places: int) -> float | None:
    return None if number is None else round(number, places)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no word of why"
