"""A million random histories: no shut-off passes that a second, slower reading of the law forbids, nor the reverse."""

from __future__ import annotations

import random
import time

from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.rules.certificate import decide
from lamplighter.credit.rules.facts import Reason
from tests.credit.checker import wrongs
from tests.credit.histories import ZONE, facts_of, random_history

ENOUGH = 1_000_000


def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    until = time.monotonic() + seconds
    tried = allowed = 0
    while tried < ENOUGH and time.monotonic() < until:
        history = random_history(dice)
        decision = decide(facts_of(history), reason=Reason.NON_PAYMENT, pack=MUNICIPAL, at=history.at, zone=ZONE)
        found = wrongs(history)
        assert decision.allowed == (not found), f"history {tried} of seed {seed}: {history}\n{decision}\n{found}"
        tried += 1
        allowed += decision.allowed
    assert allowed, "no history was lawful: the comparison proved nothing"
    return f"{tried:,} random histories of seed {seed}: {allowed:,} may be turned off, and both readings agree on all."
