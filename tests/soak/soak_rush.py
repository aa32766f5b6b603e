"""Several processes do the same acts at the same moment: each act is done once, and the books hold."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import Any

from tests.kills.site import Site, site
from tests.soak.rush import HOMES

DESKS = ("ana", "ben", "cleo", "dev")


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    give_up = time.monotonic() + seconds
    came: Counter[str] = Counter()
    rounds = 0
    with site(fast=True) as world:
        built = world.run("tests.soak.rush", "build")
        assert built.returncode == 0, built.stderr
        desks = [world.start("tests.soak.rush", "work", name, fed=True) for name in DESKS]
        for desk in desks:
            assert desk.stdout.readline().strip() == "ready"
        while time.monotonic() < give_up or not rounds:
            line = f"{dice.randrange(1, 10**6)}\n"
            for desk in desks:
                desk.stdin.write(line)
                desk.stdin.flush()
            for desk in desks:
                came.update(json.loads(desk.stdout.readline() or "{}"))
            rounds += 1
        _check(world, came, rounds)
        for desk in desks:
            desk.stdin.close()
            assert desk.wait(30) == 0
    told = ", ".join(f"{what} {times:,}" for what, times in sorted(came.items()))
    return f"{rounds} rounds of {len(DESKS)} processes: {told}. Each was done once, and the books hold."


def _check(world: Site, came: Counter[str], rounds: int) -> None:
    """What each process was told is what stands in the books."""
    faults = {what: times for what, times in came.items() if "FAULT" in what}
    assert not faults, faults
    counted = world.run("tests.soak.rush", "count")
    assert counted.returncode == 0, counted.stderr
    books: dict[str, Any] = json.loads(counted.stdout)
    assert books["differences"] == []
    assert books["payments"] * len(DESKS) == came["pay: done"]
    assert books["reversals"] == came["undo: done"]
    assert books["approved"] == sum(came[f"approve: {asked}, done"] for asked in ("asked", "refused"))
    assert books["charges"] == HOMES * (1 + books["approved"])
    assert books["items"] == came["raise: new"] == rounds
    assert books["taken"] == came["take: done"]
    assert books["files"] == came["import: done"]
    assert books["helpers"] == came["help: done"]
    assert books["numbers"] == 1
