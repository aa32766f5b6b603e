"""Tests of meters in figures: the average registration, its limits, since when it was wrong, what makes it right.

A series test gives the registration at full and at light load, in percent: 104 means that 104 kWh are shown for 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from hashlib import sha256

RIGHT = Decimal(100)
FULL_LOAD_WEIGHT = 4
LEAST = Decimal(25)
"""A meter that registers less than a quarter is broken: its use is estimated, not worked out from what it showed."""
SAMPLES = ((8, 2), (15, 3), (25, 5), (50, 8), (90, 13), (150, 20), (280, 32), (500, 50))
"""Meters of a lot up to so many, and how many of them are tested (ANSI/ASQ Z1.4, general inspection level II)."""


class Verdict(StrEnum):
    IN_LIMITS = "in-limits"
    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Limits:
    """A registration from `low` to `high` percent, both included, is right; `basis` says where that stands."""

    low: Decimal
    high: Decimal
    basis: str

    def judge(self, registration: Decimal) -> Verdict:
        if registration > self.high:
            return Verdict.FAST
        return Verdict.SLOW if registration < self.low else Verdict.IN_LIMITS


IN_SERVICE = Limits(
    Decimal(98), Decimal(102), "ANSI C12.1: in service, the average registration is within 2 % of what is true"
)


def new_meters(accuracy_class: Decimal) -> Limits:
    """What a new meter of a class may be off at either load: class 0.5 by half a percent."""
    basis = f"ANSI C12.20: accuracy class {accuracy_class.normalize():f}, at either load"
    return Limits(RIGHT - accuracy_class, RIGHT + accuracy_class, basis)


def average(full_load: Decimal, light_load: Decimal) -> Decimal:
    """The weighted average of ANSI C12.1: full load counts four times."""
    whole = (FULL_LOAD_WEIGHT * full_load + light_load) / (FULL_LOAD_WEIGHT + 1)
    return whole.quantize(Decimal("0.001"), ROUND_HALF_EVEN)


def corrected(factor: Decimal, registration: Decimal) -> Decimal | None:
    """The multiplier that makes what a meter showed right; None for one that showed too little to tell."""
    if registration < LEAST:
        return None
    return (factor * RIGHT / registration).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)


def wrong_since(tested: date, *, known_right: date) -> date:
    """Where nobody knows when it began: the middle of the days since the meter was last known to be right."""
    return known_right + timedelta(days=max((tested - known_right).days, 0) // 2)


def sample_of(badges: Sequence[str], *, lot: str, count: int) -> list[str]:
    """The meters of a lot that are tested: chosen by its number alone, the same whenever they are asked for."""
    by_chance = sorted(badges, key=lambda badge: sha256(f"{lot}:{badge}".encode()).digest())
    return sorted(by_chance[:count])


def sample_size(meters: int) -> int:
    """How many of a lot are tested; of one that is larger than the table, a tenth."""
    return min(meters, next((count for most, count in SAMPLES if meters <= most), -(-meters // 10)))
