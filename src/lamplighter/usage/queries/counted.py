"""What intervals counted while a register beside them was not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import numpy as np

from lamplighter.intervals.block import Block
from lamplighter.intervals.published import Published
from lamplighter.intervals.registers import unit_in
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import multipliers
from lamplighter.usage.intake.laying import Setup, setup_of
from lamplighter.usage.queries.registerpairs import registers_beside
from lamplighter.usage.queries.weighing import read


@dataclass(frozen=True, slots=True)
class Counted:
    """By register the intervals that count the same: their block, their row, and one register unit in their counts."""

    by: dict[int, tuple[Block, int, int]]

    def units(self, register: int, start: datetime, end: datetime) -> Fraction | None:
        """How many units of a register went through between two instants; None where any interval is missing, and
        where no intervals stand beside it. An instant within an interval counts as its nearer end."""
        if register not in self.by:
            return None
        block, row, unit = self.by[register]
        edges = block.calendar.edges
        instants = [int(at.timestamp()) for at in (start, end)]
        if instants[0] < edges[0] or instants[1] > edges[-1]:
            return None
        first, last = (int(np.abs(edges - at).argmin()) for at in instants)
        if not block.present[row, first:last].all():
            return None
        return Fraction(int(block.values[row, first:last].sum(dtype=np.int64)), unit)


def counted(registers: Sequence[Channel], *, period: Period, published: Published) -> Counted:
    """Of total registers; those by time of use have no intervals of their own. Queries don't grow with them."""
    channels = Channel.objects.filter(meter__in={one.meter_id for one in registers}, interval__isnull=False)
    beside = {one: mine[""] for one, mine in registers_beside(list(channels)).items() if "" in mine}
    factors = multipliers([pk for pair in beside.items() for pk in (pair[0].pk, pair[1].pk)], period=period)
    by_setup: dict[Setup, list[Channel]] = {}
    for one in sorted(beside, key=lambda channel: channel.pk):
        by_setup.setdefault(setup_of(one), []).append(one)
    found: dict[int, tuple[Block, int, int]] = {}
    for setup, several in by_setup.items():
        block = read(np.array([one.pk for one in several], dtype=np.int64), period, setup=setup, published=published)
        for row, one in enumerate(several):
            register = beside[one]
            mine, its = factors[register.pk], factors[one.pk]
            if len(mine) != 1 or len(its) != 1:  # a multiplier that changed meanwhile tells no even unit
                continue
            try:
                unit = unit_in(one.measure, register=register.measure, multiplier=mine[0][1] / its[0][1])
            except ValueError:
                continue
            found[register.pk] = (block, row, unit)
    return Counted(found)
