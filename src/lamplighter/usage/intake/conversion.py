"""Counts of one power of ten become counts of another, exactly, or it is said what would be lost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lamplighter.formats.meterdata import Ints, exact_sum
from lamplighter.kernel.energy import Measure

LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Lost:
    """Why counts cannot be converted: `readings` of them, and what of them would be lost in the plain unit (None:
    they are too large)."""

    readings: int
    lost: Decimal | None


def converted(counts: Ints, *, come: Measure, wanted: Measure) -> Ints | Lost:
    """Counts of `come` as counts of `wanted`, the same unit of another power of ten.

    1,500 of Wh are 15 of 10^2 Wh; 1,540 of Wh are not whole there: 40 Wh would be lost.
    """
    assert come.unit is wanted.unit, "units are compared before"
    power = come.power - wanted.power
    if power == 0 or not counts.any():
        return counts
    factor = 10 ** abs(power)
    if power < 0:
        rest = counts if factor > LARGEST else np.sign(counts) * (np.abs(counts) % factor)
        odd = np.count_nonzero(rest)
        return Lost(int(odd), come.value(exact_sum(np.abs(rest)))) if odd else counts // factor
    unfit = np.count_nonzero(np.abs(counts) > LARGEST // factor)
    return Lost(int(unfit), None) if unfit else counts * factor
