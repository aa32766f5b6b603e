"""The browser's tests with a slow browser and late answers: what is taken for done before it is done comes to light.

The seed decides in which order files are played; a test that fails once fails the run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
FOLDERS = ("browser", "duties")
SLOWER = "4"


def soak(seconds: float, seed: int) -> str:
    until, played = time.monotonic() + seconds, []
    files = sorted(one for folder in FOLDERS for one in (TESTS / folder).rglob("test_*.py"))
    random.Random(seed).shuffle(files)
    for file in files:
        if time.monotonic() >= until:
            break
        asked = [sys.executable, "-m", "pytest", "-q", "--tb=short", "--fail-on-flaky", str(file)]
        done = subprocess.run(asked, cwd=TESTS.parent, env=os.environ | {"LAMPLIGHTER_SLOW": SLOWER}, check=False)
        assert done.returncode == 0, file
        played.append(file)
    return f"{len(played)} of {len(files)} files with a browser {SLOWER} times slower: every test held at once."
