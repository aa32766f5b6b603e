"""The demo city on the five days that are odd, and then on random ones: whole and alive, as `make test` asks it to be
on three, and of the same figures in whichever order its shares are told.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta

from tests.kills.site import REPO
from tests.marisol.days import ASKED, DAYS

FIRST, RANGE = date(2026, 9, 1), 3 * 365
AT_ONCE = 4


def soak(seconds: float, seed: int) -> str:
    dice, told = random.Random(seed), list(DAYS)
    give_up = time.monotonic() + seconds
    _build(DAYS)
    while time.monotonic() < give_up:
        days = [FIRST + timedelta(days=dice.randrange(RANGE)) for _ in range(AT_ONCE)]
        _build(days)
        told += days
    return f"{len(told)} cities, from {min(told)} to {max(told)}, were whole, with all their stories."


def _build(days: list[date]) -> None:
    chosen = os.environ | {ASKED: " ".join(map(str, sorted(set(days))))}
    tests = ["-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=short", "tests/marisol/test_city.py"]
    ended = subprocess.run([sys.executable, *tests], cwd=REPO, env=chosen, text=True, capture_output=True, check=False)
    assert ended.returncode == 0, f"of {chosen[ASKED]}:\n{ended.stdout}"
