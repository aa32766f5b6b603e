"""Rounds of work that is broken off by kills, each held against the books of work that ran undisturbed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from tests.kills.books import differences
from tests.kills.breaking import WORK, broken_off, undisturbed
from tests.kills.site import Site


def rounds_of(
    world: Site, *, books: Callable[[Site], str], seconds: float, dice: random.Random, work: str = WORK
) -> str:
    """At least one round from the world as it is now, and others until the time is over; what was done, in words."""
    until = time.monotonic() + seconds
    rounds = kills = databases = 0
    world.keep_as_world()
    steps = undisturbed(world, work=work)
    expected = books(world)
    while time.monotonic() < until or not rounds:
        world.begin_again()
        told = broken_off(world, dice=dice, kills=dice.randint(1, 10), steps=steps, work=work)
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
