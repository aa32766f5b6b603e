"""Days at a counter are broken off again and again, by kill -9 of their process or of PostgreSQL: nothing is lost, and
nothing is twice."""

from __future__ import annotations

import random

from tests.kills.cashbooks import cash_books
from tests.kills.site import site
from tests.soak.kills import rounds_of

WORK = "tests.kills.cashwork"


def soak(seconds: float, seed: int) -> str:
    with site() as world:
        built = world.run(WORK, "build")
        assert built.returncode == 0, built.stderr
        world.intervals.mkdir(parents=True, exist_ok=True)
        return rounds_of(world, books=cash_books, seconds=seconds, dice=random.Random(seed), work=WORK)
