"""Register reads at the bounds of interval data: how much a register says went through between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.kernel.energy import Measure

NO_READS = -1


@dataclass(frozen=True, slots=True, eq=False)
class RegisterDifferences:
    """Per channel (C) the slots `firsts[C]:ends[C]` of the block that lie between two exact register reads, the
    difference `totals[C]` and one register unit `units[C]`, both in counts of the channel. NO_READS in `firsts`
    where there is no pair of reads at slot bounds. `counted[S]` are the slots in which the register counts, one by
    time of use; None: in all.
    """

    firsts: Int64
    ends: Int64
    totals: Int64
    units: Int64
    counted: Bool | None = None

    @property
    def known(self) -> Bool:
        known: Bool = self.firsts >= 0
        return known

    def take(self, rows: slice | Bool | Int64) -> RegisterDifferences:
        return RegisterDifferences(
            self.firsts[rows], self.ends[rows], self.totals[rows], self.units[rows], self.counted
        )


def differences(
    *, opening: Int64, closing: Int64, dials: Int64, units: Int64, firsts: Int64, ends: Int64
) -> RegisterDifferences:
    """Differences of register readings (digits as read, C each). A register of n dials rolls over at 10^n."""
    assert ((firsts < 0) | (firsts < ends)).all()
    turn = 10**dials
    assert ((opening >= 0) & (opening < turn) & (closing >= 0) & (closing < turn) | (firsts < 0)).all(), (
        "digits fit dials"
    )
    return RegisterDifferences(firsts, ends, np.mod(closing - opening, turn) * units, units)


def unit_in(channel: Measure, *, register: Measure, multiplier: Decimal = Decimal(1)) -> int:
    """How many counts of the channel one unit of the register is, `multiplier` (CT x PT) applied.

    Raises ValueError when that is not whole: then the channel is too coarse to be checked exactly.
    """
    if channel.unit is not register.unit:
        raise ValueError(f"a register of {register.unit} cannot check a channel of {channel.unit}")
    return channel.count(register.value(1) * multiplier)
