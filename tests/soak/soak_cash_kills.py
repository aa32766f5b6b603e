"""Days at a counter are broken off again and again, by kill -9 of their process or of PostgreSQL: nothing is lost, and
nothing is twice."""

from __future__ import annotations

import random
import time

from tests.kills.books import differences
from tests.kills.breaking import broken_off, undisturbed
from tests.kills.cashbooks import cash_books
from tests.kills.site import site

WORK = "tests.kills.cashwork"


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    until = time.monotonic() + seconds
    rounds = kills = databases = 0
    with site() as world:
        built = world.run(WORK, "build")
        assert built.returncode == 0, built.stderr
        world.intervals.mkdir(parents=True, exist_ok=True)
        world.keep_as_world()
        steps = undisturbed(world, work=WORK)
        expected = cash_books(world)
        while time.monotonic() < until or not rounds:
            world.begin_again()
            told = broken_off(world, dice=dice, kills=dice.randint(2, 10), steps=steps, work=WORK)
            wrong = differences(cash_books(world), expected)
            assert not wrong, f"round {rounds + 1}: {told}\n{wrong}"
            checked = world.command("check")
            assert checked.returncode == 0, f"round {rounds + 1}: {told}\n{checked.stdout}"
            rounds += 1
            kills += len(told.kills)
            databases += sum(kill.startswith("PostgreSQL") for kill in told.kills)
    return (
        f"{rounds} rounds of {steps} transactions at the counter with {kills} kills, {databases} of them of "
        "PostgreSQL: each ended in the books of an undisturbed run."
    )
