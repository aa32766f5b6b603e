"""An import and a bill run are broken off again and again, by kill -9 of their process or of PostgreSQL."""

from __future__ import annotations

import random

from tests.kills.books import books
from tests.kills.site import site
from tests.soak.kills import rounds_of

HOMES = "40"


def soak(seconds: float, seed: int) -> str:
    with site() as world:
        built = world.run("tests.kills.world", HOMES)
        assert built.returncode == 0, built.stderr
        return rounds_of(world, books=books, seconds=seconds, dice=random.Random(seed))
