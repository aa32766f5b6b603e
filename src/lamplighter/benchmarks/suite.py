"""Run figures one after the other, each in its own process, on folders and a database that are thrown away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamplighter.benchmarks.figures import FIGURES, SEED, Figure
from lamplighter.platform.localpg import Cluster


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured. `value` and `reference` are None where it cannot be measured here or failed; `work` says
    why, and `failed` which of the two it is. `peers` are other programs at the same work, None where not installed."""

    figure: Figure
    value: float | None
    reference: float | None
    work: str
    peak_mb: float | None
    peers: Mapping[str, float | None] = field(default_factory=dict)
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
            "peers": {name: _rounded(value, 1) for name, value in self.peers.items()},
            "what": self.figure.what,
            "beside": self.figure.beside,
            "work": self.work,
        }


def run(names: Iterable[str], *, size: str) -> Iterator[Result]:
    """Each figure as it is done, in the order of the suite: a bill run comes before what is done with its bills.
    Whatever they need is made before the first, at once, so that it disturbs none."""
    wanted = [figure for name, figure in FIGURES.items() if name in set(names)]
    with _site(size) as site:
        site.prepare(database=any(figure.database for figure in wanted))
        for figure in wanted:
            yield site.measured(figure)


@dataclass
class _Site:
    """A folder for everything, a durable PostgreSQL where one is wanted, and a process that has everything loaded and
    from which each figure gets one of its own. `unseeded` is why there is no utility, if there is none, and `found`
    what each place measured."""

    folder: Path
    size: str
    made: list[Cluster] = field(default_factory=list)
    databases: set[str] = field(default_factory=set)
    loaded: list[subprocess.Popen[str]] = field(default_factory=list)
    unseeded: str = ""
    found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def prepare(self, *, database: bool) -> None:
        """Everything is loaded while the database is made, and who seeds it loads while its server starts."""
        self.loaded.append(self._begun("measure", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        if not database:
            return
        cluster = Cluster(self.folder / "pg", refuge=self.folder / "refuge")
        self.made.append(cluster)
        seed = self._begun("seed", url=cluster.url(SEED), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            cluster.ensure().create_database(SEED)
        except BaseException:
            seed.kill()
            raise
        _, errors = seed.communicate("the database is there\n")
        self.databases.add(SEED)
        self.unseeded = errors if seed.returncode else ""

    def measured(self, figure: Figure) -> Result:
        if figure.place not in self.found:
            self.found[figure.place] = self._asked(figure)
        said = self.found[figure.place]
        if "figures" not in said:
            why = said.get("missing") or f"failed: {_last_line(said['fault'])}"
            return Result(figure, None, None, why, None, failed="missing" not in said)
        several = said["figures"]
        return Result(figure, **(several.get("") or several[figure.name]))

    def _asked(self, figure: Figure) -> dict[str, Any]:
        if figure.database and self.unseeded:
            return {"fault": self.unseeded}
        url = self._database(figure.database) if figure.database else ""
        work = Path(tempfile.mkdtemp(prefix=f"{figure.name}-", dir=self.folder))
        asked = {"place": figure.place, "folder": str(work), "url": url}
        (process,) = self.loaded
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        shutil.rmtree(work)
        answer: dict[str, Any] = json.loads(line or '{"fault": "the process with everything loaded is gone"}')
        return answer

    def _database(self, name: str) -> str:
        """The seeded utility's, or a copy of it."""
        (cluster,) = self.made
        if name not in self.databases:
            cluster.create_database(name, template=SEED)
            self.databases.add(name)
        return cluster.url(name)

    def _begun(self, act: str, *, stdin: int, stderr: int, url: str = "postgresql:///none") -> subprocess.Popen[str]:
        """Ourselves as a process of our own."""
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("LAMPLIGHTER_", "DATABASE_"))}
        ours.pop("PYTEST_VERSION", None)  # settings are those of production
        state = {"LAMPLIGHTER_STATE": str(self.folder / "state"), "DATABASE_URL": url}
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", __package__, act, self.size],
            env=ours | state, text=True, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr,
        )  # fmt: skip


@contextmanager
def _site(size: str) -> Iterator[_Site]:
    """In a folder that the database's own account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="lamplighter-bench-")).resolve()
    folder.chmod(0o755)
    site = _Site(folder, size)
    try:
        yield site
    finally:
        for process in site.loaded:
            process.communicate()  # its input ends, and so does it
        for cluster in site.made:
            cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _rounded(number: float | None, places: int) -> float | None:
    return None if number is None else round(number, places)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no word of why"
