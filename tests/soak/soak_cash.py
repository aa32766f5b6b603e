"""Random acts with money by several tellers at once: every step is what a model says, and so are the books at the end.

What is done: charges, credits, payments in every tender, to one or two accounts, voids, moves, returned items,
turn-ins, drawers counted over and short, bags with and without something missing, the bank's statements, refunds by
check, ACH and accounts payable's vouchers, deposits of customers, and files of pay stations with hundreds of payments.
Each teller has accounts and a drawer of their own, and accounts that all pay.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import Any

from tests.kills.site import Site, site
from tests.soak.cash import FILED, TELLERS

ACTS = 200


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    give_up = time.monotonic() + seconds
    done: Counter[str] = Counter()
    with site(fast=True) as world:
        built = world.run("tests.soak.cash", "build")
        assert built.returncode == 0, built.stderr
        accounts = json.loads(built.stdout)
        shared = json.dumps(accounts[""])
        desks = [
            world.start("tests.soak.cash", "work", name, str(place), json.dumps(accounts[name]), shared, fed=True)
            for place, name in enumerate(TELLERS)
        ]
        for desk in desks:
            assert desk.stdout.readline().strip() == "ready"
        while time.monotonic() < give_up or not done:
            line = f"{dice.randrange(10**6)} {ACTS}\n"
            for desk in desks:
                desk.stdin.write(line)
                desk.stdin.flush()
            told = [json.loads(desk.stdout.readline() or '{"done": {"FAULT": 1}}') for desk in desks]
            for one in told:
                done.update(one["done"])
            assert not done["FAULT"], "a teller found something else than its model says; its words are above"
        rows = _check(world, told, shared)
    acts, counted = sum(done.values()), ", ".join(f"{name} {count:,}" for name, count in sorted(rows.items()))
    return (
        f"{acts:,} operations of {len(TELLERS)} tellers at once, {done[FILED]:,} of them payments of files, compared "
        "with a model act by act; the books, the sub-ledger, the clearing accounts and the bank are the sum of what "
        f"was done ({counted})."
    )


def _check(world: Site, told: list[dict[str, Any]], shared: str) -> dict[str, int]:
    counted = world.run("tests.soak.cash", "count", shared)
    assert counted.returncode == 0, counted.stderr
    books = json.loads(counted.stdout)
    assert books["differences"] == []
    codes: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for one in told:
        codes.update(one["codes"] | {"cash-drawers": one["drawers"]})
        paid.update(one["shared"])
    assert {code: books["codes"][code] for code in codes} == dict(codes)
    assert books["shared"] == dict(paid)
    assert sum(books["codes"].values()) == 0
    rows: dict[str, int] = books["rows"]
    return rows
