"""A queued bill run goes on while its workers, the server and PostgreSQL are killed, each started again as by a keeper.

PostgreSQL has no keeper here but the program itself.
"""

from __future__ import annotations

import random
import socket
import subprocess
import time

import psycopg

from tests.kills.books import books, differences
from tests.kills.site import Site, site, until

HOMES = "40"
WORKER = ("tests.kills.slow_worker", "0.1")
POSTGRESQL = "PostgreSQL"


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    give_up = time.monotonic() + seconds
    killed: dict[str, int] = {}
    rounds = 0
    with site() as world:
        built = world.run("tests.kills.world", HOMES)
        assert built.returncode == 0, built.stderr
        world.keep_as_world()
        _round(world, random.Random(seed), kills=0, killed={})
        expected = books(world)
        while time.monotonic() < give_up:
            world.begin_again()
            _round(world, dice, kills=dice.randint(2, 6), killed=killed)
            wrong = differences(books(world), expected)
            assert not wrong, f"round {rounds + 1}: {killed}\n{wrong}"
            rounds += 1
    told = ", ".join(f"{name} {count}" for name, count in sorted(killed.items()))
    return f"{rounds} queued bill runs ended in the books of an undisturbed one; killed: {told}."


def _round(world: Site, dice: random.Random, *, kills: int, killed: dict[str, int]) -> None:
    """One bill run with so many kills."""
    asked = world.run("tests.kills.asking")
    assert asked.returncode == 0, asked.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    commands = {
        "first worker": WORKER,
        "second worker": WORKER,
        "server": ("lamplighter", "serve", "--jobs", "0", "--port", port),
    }
    running = {name: world.start(*command, quiet=True) for name, command in commands.items()}
    for _ in range(kills):
        time.sleep(dice.uniform(0.5, 4))
        victim = dice.choice([*commands, POSTGRESQL])
        killed[victim] = killed.get(victim, 0) + 1
        if victim == POSTGRESQL:
            until(
                lambda: world.cluster.status().pid or _kept(world, running, commands), "the database runs", seconds=120
            )
            world.kill_database()
        else:
            running[victim].kill()
            running[victim].wait()
            running[victim] = world.start(*commands[victim], quiet=True)
    until(lambda: _done(world) or _kept(world, running, commands), "the bill run is done", seconds=240)
    _end(running)


def _kept(world: Site, running: dict[str, subprocess.Popen[str]], commands: dict[str, tuple[str, ...]]) -> bool:
    """Start again what ended by itself: a command that was just starting when it lost its database."""
    for name, process in running.items():
        if process.poll() is not None:
            running[name] = world.start(*commands[name], quiet=True)
    return False


def _done(world: Site) -> bool:
    try:
        with psycopg.connect(world.url) as session:
            row = session.execute("SELECT state FROM platform_run").fetchone()
    except psycopg.OperationalError:
        return False
    assert row, "the run was asked for"
    assert row[0] != "failed"
    return bool(row[0] == "done")


def _end(running: dict[str, subprocess.Popen[str]]) -> None:
    for process in running.values():
        process.terminate()
    for name, process in running.items():
        assert process.wait(90) in {0, -15}, f"{name} ended with {process.returncode}"
