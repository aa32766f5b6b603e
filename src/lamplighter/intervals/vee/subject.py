"""What is validated: a block with all that is known beside its readings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lamplighter.intervals.arrays import Bool, Int64, UInt8
from lamplighter.intervals.block import Block, by_day
from lamplighter.intervals.channeldays import MISSING
from lamplighter.intervals.registers import RegisterDifferences
from lamplighter.kernel.energy import Flow, Measure

Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Use before, per channel (C): totals in counts and the days that they are of; no days, not known.

    `Subject.use` of blocks of those times gives both, and `Subject.peak` the highest interval of the period before.
    `trend` is what the other channels of the class use now for each 1000 before (`trends.trend_of`), and `others` how
    many they are.
    """

    season_totals: Int64
    season_days: Int64
    previous_totals: Int64
    previous_days: Int64
    previous_peaks: Int64 | None = None
    trend: Int64 | None = None
    others: Int64 | None = None

    def averages(self) -> tuple[tuple[Int64, Bool], tuple[Int64, Bool]]:
        """Counts a day, and whether known: of the same season, of the period before."""
        return (
            _average(self.season_totals, self.season_days),
            _average(self.previous_totals, self.previous_days),
        )

    def take(self, rows: slice | Bool | Int64) -> History:
        return History(
            self.season_totals[rows], self.season_days[rows], self.previous_totals[rows], self.previous_days[rows],
            *(None if one is None else one[rows] for one in (self.previous_peaks, self.trend, self.others)),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Subject:
    """Channels of one measure and one flow over a block's days.

    `classes[C]` are customer classes for eligibility; `served[C,S]` and `outage[C,S]` (touched by a known outage)
    are marked per slot, None: all served, no outage. `came[C,S]` are the quality codes with which the head-end sent
    what is new, MISSING where nothing is; None: nothing came.
    """

    block: Block
    measure: Measure
    flow: Flow = Flow.DELIVERED
    classes: Texts | None = None
    served: Bool | None = None
    outage: Bool | None = None
    registers: RegisterDifferences | None = None
    history: History | None = None
    came: UInt8 | None = None

    def take(self, rows: slice | Bool | Int64) -> Subject:
        return replace(
            self,
            block=self.block.take(rows),
            classes=None if self.classes is None else self.classes[rows],
            served=None if self.served is None else self.served[rows],
            outage=None if self.outage is None else self.outage[rows],
            registers=None if self.registers is None else self.registers.take(rows),
            history=None if self.history is None else self.history.take(rows),
            came=None if self.came is None else self.came[rows],
        )

    @cached_property
    def missing(self) -> Bool:
        missing: Bool = self.block.quality == MISSING
        return missing

    @cached_property
    def whole_days(self) -> Bool:
        """Days (C, D) with every slot."""
        if not self.missing.any():
            return np.ones((len(self.block.channels), self.block.calendar.days), dtype=np.bool_)
        whole: Bool = by_day(self.block.calendar, self.missing) == 0
        return whole

    @cached_property
    def ordinary_days(self) -> Bool:
        """Whole days that are served throughout and without an outage."""
        ordinary = self.whole_days
        for excluded in (self.outage, None if self.served is None else ~self.served):
            if excluded is not None:
                ordinary = ordinary & (by_day(self.block.calendar, excluded) == 0)
        return ordinary

    @cached_property
    def use(self) -> tuple[Int64, Int64]:
        """Totals (C) of the ordinary days and their number (C): what a History is made of."""
        ordinary = self.ordinary_days
        return np.where(ordinary, self.day_totals, 0).sum(axis=1), ordinary.sum(axis=1)

    @cached_property
    def peak(self) -> Int64:
        """The highest interval (C) of the ordinary days; 0 where there are none."""
        ordinary = self.ordinary_days[:, self.block.calendar.day_of]
        highest: Int64 = np.where(ordinary, self.block.values, 0).max(axis=1, initial=0).astype(np.int64)
        return highest

    @cached_property
    def day_totals(self) -> Int64:
        """Sums of the days (C, D); of days that are not whole they mean nothing."""
        return by_day(self.block.calendar, self.block.values)


def _average(totals: Int64, days: Int64) -> tuple[Int64, Bool]:
    return totals // np.maximum(days, 1), days > 0
