"""Kill -9 in the middle of an import and of a bill run changes nothing in the end. The long form: tests/soak."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.kills.books import books, differences
from tests.kills.breaking import broken_off, undisturbed
from tests.kills.standing import HOMES, standing

SEED, KILLS = 20261120, 3


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with standing(tmp_path_factory) as made:
        yield made


def test_killed_work_ends_in_the_same_books(world):
    steps = undisturbed(world)
    expected = books(world)
    kinds = Counter(line.split(":")[0] for line in expected.splitlines())
    assert (kinds["bill"], kinds["parked"], kinds["readings"]) == (HOMES - HOMES // 10, HOMES // 10, HOMES * 61)
    world.begin_again()
    assert books(world) != expected
    told = broken_off(world, dice=random.Random(SEED), kills=KILLS, steps=steps)
    assert len(told.kills) == KILLS, told
    assert not differences(books(world), expected), told
    world.begin_again()
    shared = world.run("tests.kills.work", "--shared")
    assert shared.returncode == 0, shared.stderr
    assert not differences(books(world), expected), "two processes bill as one does"
    checked = world.command("check")
    assert checked.returncode == 0, checked.stdout
