"""The cheapest run of a battery under the prices of a rate: a linear program, solved by HiGHS.

It is solved for all bills together, since ratchets tie months to each other and energy is carried over midnight. The
battery ends as full as it began, and never sends into the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.battery.prices import Peak, Prices
from lamplighter.advice.effects import Battery
from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.curves.curve import Floats

WEAR = 1e-6
"""Dollars a kWh that break ties: a battery that gains nothing stands still."""

EXACT = 4000
"""Slots up to which each is decided for itself: a month of quarter hours."""

BISECTIONS = 40

LONGEST = 16
"""Slots that are merged into one block at most."""

Matrix: TypeAlias = Any
"""A sparse matrix of SciPy, whose types are not told."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """`kw` (S) is added to the load: charging positive, giving negative. `charged` in kWh at the meter."""

    kw: Floats
    charged: float


def dispatch(load: Floats, hours: float, prices: Prices, battery: Battery, *, exact: int = EXACT) -> Run:
    """The cheapest run over `load` (S, net kW).

    With more than `exact` slots, neighbours that can set no peak are taken together, and do not charge above a level at
    which they would: quicker, and at most as good. Raises CannotAdvise where the solver finds none.
    """
    merge = len(load) > exact
    blocks = _blocks(load, hours, prices, battery, merge=merge)
    program = _Program(blocks, load, hours, prices, battery)
    found = program.solve()
    charge = blocks.spread(found[program.charge], blocks.grid)
    sun = blocks.spread(found[program.sun], blocks.surplus)
    give = blocks.spread(found[program.give], blocks.own)
    return Run((charge + sun - give) / hours, float((charge + sun).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Which block each slot is in (`of`, S), and the most of each slot (S) in kWh: taken from the grid, from what would
    be sent back, and given to the own load. `alone` (S): the slot is a block of its own, and counts for peaks."""

    of: Int64
    count: int
    grid: Floats
    surplus: Floats
    own: Floats
    alone: Bool

    def total(self, values: Floats) -> Floats:
        found: Floats = np.bincount(self.of, weights=values, minlength=self.count).astype(np.float64)
        return found

    def spread(self, energy: Floats, room: Floats) -> Floats:
        """What a block does, shared among its slots by their room."""
        whole = self.total(room)
        share = np.divide(energy, whole, out=np.zeros(self.count), where=whole > 0)
        found: Floats = share[self.of] * room
        return found


def _blocks(load: Floats, hours: float, prices: Prices, battery: Battery, *, merge: bool) -> _Blocks:
    slots, most = len(load), battery.kw * hours
    taken = np.maximum(load, 0)
    alone = np.ones(slots, dtype=np.bool_)
    grid = np.full(slots, most)
    if merge:
        level = _levels(taken, prices.peaks, battery, hours)
        alone = taken > level
        for peak in prices.peaks:
            windows = _windows(peak)
            alone[windows[alone[windows].any(axis=1)]] = True
        grid = np.where(alone, most, np.clip(np.minimum(level - taken, battery.kw), 0, None) * hours)
    starts = np.ones(slots, dtype=np.bool_)
    same = (prices.taken[1:] == prices.taken[:-1]) & (prices.sent[1:] == prices.sent[:-1])
    starts[1:] = alone[1:] | alone[:-1] | ~same | (np.arange(1, slots) % LONGEST == 0)
    of = np.cumsum(starts) - 1
    return _Blocks(
        of,
        int(of[-1]) + 1,
        grid,
        np.minimum(np.maximum(-load, 0) * hours, most),
        np.minimum(taken * hours, most),
        alone,
    )


def _levels(taken: Floats, peaks: tuple[Peak, ...], battery: Battery, hours: float) -> Floats:
    """For each slot (S) the kW up to which it sets no peak: no run of the battery brings the highest below it."""
    least = [max(_lowest(taken, peak, battery, hours), peak.floor) for peak in peaks]
    level = np.full(len(taken), np.inf)
    for number, peak in enumerate(peaks):
        held = max([least[number], *(share * least[other] for other, share in peak.after)])
        level[peak.mask] = np.minimum(level[peak.mask], held)
    return level


def _lowest(taken: Floats, peak: Peak, battery: Battery, hours: float) -> float:
    """A bound below every peak that can be reached: no unbroken stretch above it takes more than a full battery."""
    windows = _windows(peak)
    if not len(windows):
        return 0.0
    load = taken[windows].mean(axis=1)
    broken = np.flatnonzero(np.diff(windows[:, 0], prepend=-peak.width) != peak.width)
    width = hours * peak.width
    high = float(load.max())
    low = max(high - battery.kw, 0.0)
    for _ in range(BISECTIONS):
        level = (low + high) / 2
        low, high = (level, high) if _stretch(load - level, broken) * width > battery.kwh else (low, level)
    return low


def _stretch(above: Floats, broken: Int64) -> float:
    """The largest sum of an unbroken stretch that is above nothing; `broken` begin stretches anew."""
    over = above > 0
    starts = over & ~np.concatenate(([False], over[:-1]))
    starts[broken] = over[broken]
    if not starts.any():
        return 0.0
    label = np.cumsum(starts)[over]
    return float(np.bincount(label, weights=above[over]).max())


def _windows(peak: Peak) -> Int64:
    """The slots of every window that lies whole inside the mask: (W, width)."""
    slots = np.arange(len(peak.mask), dtype=np.int64)
    if len(slots) % peak.width:
        slots = slots[: len(slots) // peak.width * peak.width]
    folded = slots.reshape(-1, peak.width)
    found: Int64 = folded[peak.mask[folded].all(axis=1)]
    return found


class _Program:
    """Variables: what each block charges from the grid, from surplus, gives, and holds at its end; then each peak as it
    is measured and as it is billed."""

    def __init__(self, blocks: _Blocks, load: Floats, hours: float, prices: Prices, battery: Battery) -> None:
        self.blocks, self.load, self.hours = blocks, np.maximum(load, 0), hours
        self.prices, self.battery = prices, battery
        count, peaks = blocks.count, len(prices.peaks)
        self.charge, self.sun, self.give, self.held = (slice(i * count, (i + 1) * count) for i in range(4))
        self.measured = slice(4 * count, 4 * count + peaks)
        self.billed = slice(4 * count + peaks, 4 * count + 2 * peaks)
        self.size = 4 * count + 2 * peaks

    def solve(self) -> Floats:
        upper, above = self._above()
        found = linprog(
            self._costs(), A_ub=upper, b_ub=above, A_eq=self._kept(), b_eq=np.zeros(self.blocks.count),
            bounds=self._bounds(), method="highs",
        )  # fmt: skip
        if found.status != 0:
            raise CannotAdvise("advice.battery", f"The solver found no run of the battery: {found.message}")
        values: Floats = np.maximum(found.x, 0)
        return values

    def _costs(self) -> Floats:
        firsts = np.flatnonzero(np.diff(self.blocks.of, prepend=-1))
        costs = np.zeros(self.size)
        taken, sent = self.prices.taken[firsts], self.prices.sent[firsts]
        costs[self.charge], costs[self.sun], costs[self.give] = taken + WEAR, sent + WEAR, WEAR - taken
        costs[self.billed] = [peak.price for peak in self.prices.peaks]
        return costs

    def _bounds(self) -> npt.NDArray[np.float64]:
        blocks = self.blocks
        top = np.full(self.size, np.inf)
        top[self.charge], top[self.sun] = blocks.total(blocks.grid), blocks.total(blocks.surplus)
        top[self.give], top[self.held] = blocks.total(blocks.own), self.battery.kwh
        low = np.zeros(self.size)
        low[self.billed] = [peak.floor for peak in self.prices.peaks]
        return np.column_stack([low, top])

    def _kept(self) -> Matrix:
        """What a block holds at its end is what the one before held, and what went in and out; the last leads to the
        first."""
        count = self.blocks.count
        here, before = np.arange(count), np.roll(np.arange(count), 1)
        gained = self.battery.efficiency
        rows = np.concatenate([here] * 5)
        columns = np.concatenate([here, count + here, 2 * count + here, 3 * count + here, 3 * count + before])
        values = np.repeat([-gained, -gained, 1.0, 1.0, -1.0], count)
        return sparse.csr_array((values, (rows, columns)), shape=(count, self.size))

    def _above(self) -> tuple[Matrix, Floats]:
        """Power at the inverter; every window below its peak; every peak, and its share of earlier ones, below what is
        billed."""
        rows: list[Int64] = []
        columns: list[Int64] = []
        values: list[Floats] = []
        limits: list[Floats] = []
        at = 0

        def put(row: Int64, column: Int64, value: Floats | float) -> None:
            rows.append(row)
            columns.append(column)
            values.append(np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape))

        blocks = self.blocks
        both = np.flatnonzero(blocks.total(blocks.surplus) > 0)
        here = at + np.arange(len(both))
        put(here, both, 1.0)
        put(here, blocks.count + both, 1.0)
        limits.append(blocks.total(np.full(len(self.load), self.battery.kw * self.hours))[both])
        at += len(both)
        for number, peak in enumerate(self.prices.peaks):
            windows = _windows(peak)
            windows = windows[blocks.alone[windows].any(axis=1)]
            here = at + np.arange(len(windows))
            per = 1 / (peak.width * self.hours)
            for column in windows.T:
                alone = blocks.alone[column]
                put(here[alone], blocks.of[column[alone]], per)
                put(here[alone], 2 * blocks.count + blocks.of[column[alone]], -per)
            put(here, np.full(len(here), self.measured.start + number), -1.0)
            limits.append(-self.load[windows].mean(axis=1) if len(windows) else np.zeros(0))
            at += len(windows)
            for other, share in ((number, 1.0), *peak.after):
                one = np.array([at])
                put(one, np.array([self.measured.start + other]), share)
                put(one, np.array([self.billed.start + number]), -1.0)
                limits.append(np.zeros(1))
                at += 1
        shape = (at, self.size)
        found = sparse.csr_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
        return found, np.concatenate(limits)
