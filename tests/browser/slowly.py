"""A slow machine on purpose: what a test takes for done before it is done comes to light there, not on a bad day.

With LAMPLIGHTER_SLOW=4 the browser's own processor is four times slower and each answer comes up to 0.4 s late, each by
another time. `make soak` runs the tests so (soak_slow.py).
"""

from __future__ import annotations

import os
import random

from playwright.sync_api import Page

TIMES = int(os.environ.get("LAMPLIGHTER_SLOW", "1"))
LATE = 0.1  # seconds at most, for each time slower
PATIENCE = 60.0
"""Seconds in which a page does what is asked of it, on a machine that is busy with others too."""


def slow(page: Page) -> None:
    """Slow the browser down for this page."""
    if TIMES > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": TIMES})


def delay() -> float:
    """Seconds by which the next answer is late."""
    return random.uniform(0, LATE * TIMES) if TIMES > 1 else 0
