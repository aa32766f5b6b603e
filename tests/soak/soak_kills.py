"""An import and a bill run are broken off again and again, by kill -9 of their process or of PostgreSQL."""

from __future__ import annotations

import random
import time

from tests.kills.books import books, differences
from tests.kills.breaking import broken_off, undisturbed
from tests.kills.site import site

HOMES = "40"


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    until = time.monotonic() + seconds
    rounds = kills = databases = 0
    with site() as world:
        built = world.run("tests.kills.world", HOMES)
        assert built.returncode == 0, built.stderr
        world.keep_as_world()
        steps = undisturbed(world)
        expected = books(world)
        while time.monotonic() < until:
            world.begin_again()
            told = broken_off(world, dice=dice, kills=dice.randint(1, 8), steps=steps)
            wrong = differences(books(world), expected)
            assert not wrong, f"round {rounds + 1}: {told}\n{wrong}"
            checked = world.command("check")
            assert checked.returncode == 0, f"round {rounds + 1}: {told}\n{checked.stdout}"
            rounds += 1
            kills += len(told.kills)
            databases += sum(kill.startswith("PostgreSQL") for kill in told.kills)
    return (
        f"{rounds} rounds of {steps} transactions with {kills} kills, {databases} of them of PostgreSQL: each ended in "
        "the books of an undisturbed run."
    )
