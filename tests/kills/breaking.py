"""Work that is broken off at seeded moments, by kill -9 of its process or of PostgreSQL, and begun again."""

from __future__ import annotations

import random
import subprocess
import time
from dataclasses import dataclass, field

from tests.kills.site import PATIENCE, Site

WORK = "tests.kills.work"
TRIES = 3  # the first may come upon what a killed one still holds
PROCESS, POSTMASTER = "the process", "PostgreSQL"


@dataclass
class Told:
    """What was done to the work, for whoever reads of a failure."""

    kills: list[str] = field(default_factory=list)
    starts: int = 0


def undisturbed(site: Site, *, work: str = WORK) -> int:
    """Do the work, a module; how many steps it takes."""
    done = site.run(work)
    assert done.returncode == 0, done.stderr
    return done.stdout.count("step")


def broken_off(site: Site, *, dice: random.Random, kills: int, steps: int, work: str = WORK) -> Told:
    """Do the work with so many kills, each after some steps of what is left, and begin it again until it is done."""
    told = Told()
    left = steps
    for kill in range(kills, 0, -1):
        victim = dice.choice([PROCESS, POSTMASTER])
        wanted = dice.randrange(max(1, left // kill))
        done = _disturb(site, work, victim, after=wanted, delay=dice.uniform(0, 0.06))
        told.starts += 1
        if done is None:
            break
        left -= done
        told.kills.append(f"{victim} after {done} steps")
    for _ in range(TRIES):
        last = site.run(work)
        told.starts += 1
        if not last.returncode:
            return told
        site.cluster.ensure()
    raise AssertionError(f"it never gets done: {told}\n{last.stderr}")


def _disturb(site: Site, module: str, victim: str, *, after: int, delay: float) -> int | None:
    """Kill `victim` when the work has done `after` more steps; how many it had done, None if it ended before."""
    work = site.start(module, quiet=True)
    assert work.stdout is not None
    done = -1  # the first line says that it is ready
    for line in work.stdout:
        done += line in {"ready\n", "step\n"}
        if done == after:
            break
    time.sleep(delay)
    if work.poll() is not None:
        return None
    if victim == PROCESS:
        work.kill()
    else:
        site.kill_database()
    rest, _ = _ended(work)
    site.cluster.ensure()
    return done + rest.count("step")


def _ended(work: subprocess.Popen[str]) -> tuple[str, int]:
    """Without its database it ends by itself."""
    rest, _ = work.communicate(timeout=PATIENCE)
    return rest, work.returncode
