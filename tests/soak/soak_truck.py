"""Ten thousand payments against ten thousand trucks: none is sent after a payment, none stays done."""

from __future__ import annotations

import json

from tests.kills.site import site


def soak(seconds: float, seed: int) -> str:
    with site(fast=True) as world:
        running = world.start("tests.soak.truck", str(seconds), str(seed))
        said, _ = running.communicate(timeout=seconds + 120)
        assert running.returncode == 0, said
        came = json.loads(said.splitlines()[-1])
    told = ", ".join(f"{how} {times:,}" for how, times in sorted(came.items()))
    return f"{sum(came.values()):,} payments and trucks at one instant: {told}. The books hold."
