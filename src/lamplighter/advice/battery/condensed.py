"""The cheapest run of a battery over a year of quarter hours, in a fraction of a second: what matters of many slots.

Neighbours of one price are taken together as a block. What a block must give for a peak to stay at a level, and what it
can take below it, are sums over its slots, told at a few levels; the program chooses between the levels. A block's
energy is then shared among its slots as water finds its level. docs/algorithms/what-if.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lamplighter.advice.battery.lowest import lowest
from lamplighter.advice.battery.prices import Prices
from lamplighter.advice.battery.run import WEAR, Rows, Run, billed_rows, solved, windows_of
from lamplighter.advice.effects import Battery
from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.curves.curve import Floats

LONGEST = 32
"""Slots of one block at most: eight hours of quarter hours."""

STEPS = np.array([0, 0.1, 0.25, 0.5, 1])
"""Levels of a peak between the lowest that can be reached and the one without a battery; one more lies above."""

SMALL = 0.02
"""Of a battery: a load that rises by less begins no block of its own, and tells no order within one."""

HALVINGS, ROUNDS = 40, 20


def condensed(load: Floats, hours: float, prices: Prices, battery: Battery) -> Run:
    """Raises CannotAdvise. A demand's window counts as one slot, with one power of the battery throughout."""
    width = min((peak.width for peak in prices.peaks), default=1)
    width = width if len(load) % width == 0 else 1
    site = _site(load.reshape(-1, width), hours * width, prices, battery)
    blocks = _blocks(site)
    charge, give = _within(_Program(site, blocks).run(), battery)
    return Run(np.repeat((charge - give) / site.hours, width), float(charge.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _Site:
    """W windows of `hours`: what is taken in kW, what can be given and what surplus can be stored in kWh, the prices
    of a kWh, and for each peak (K) where it counts (K, W) and the lowest and the present kW."""

    battery: Battery
    hours: float
    prices: Prices
    taken: Floats
    own: Floats
    surplus: Floats
    cost: Floats
    sent: Floats
    counts: Bool
    low: Floats
    high: Floats

    @property
    def most(self) -> float:
        """kWh through the inverter in a window."""
        return self.battery.kw * self.hours

    @property
    def over(self) -> Floats:
        """kW above the lowest level of a peak that counts there (W)."""
        above = np.where(self.counts, self.taken - self.low[:, None], 0.0)
        found: Floats = np.maximum(above.max(axis=0, initial=0.0), 0)
        return found


def _site(folded: Floats, hours: float, prices: Prices, battery: Battery) -> _Site:
    shape, most = folded.shape, battery.kw * hours
    taken = np.maximum(folded, 0)
    counts = np.zeros((len(prices.peaks), shape[0]), dtype=np.bool_)
    for number, peak in enumerate(prices.peaks):
        counts[number, windows_of(peak).ravel() // shape[1]] = True
    mean = taken.mean(axis=1)
    high = np.array([mean[each].max(initial=0.0) for each in counts])
    low = np.array([lowest(mean, each, hours, battery) for each in counts])
    floors = np.array([peak.floor for peak in prices.peaks])
    return _Site(
        battery, hours, prices, mean, np.minimum(taken.min(axis=1) * hours, most),
        np.minimum(np.maximum(-folded, 0).min(axis=1) * hours, most),
        prices.taken.reshape(shape).mean(axis=1), prices.sent.reshape(shape).mean(axis=1),
        counts, np.clip(floors, low, high), high,
    )  # fmt: skip


def _blocks(site: _Site) -> _Blocks:
    """A block ends where a price, a peak's hours, or surplus begins or ends, and where a load that matters rises by
    more than a little: so a block gives first, and takes after."""
    windows, over = len(site.taken), site.over
    told = np.vstack([site.cost, site.sent, site.surplus > 0, site.counts])
    starts = np.arange(windows) % LONGEST == 0
    starts[1:] |= (told[:, 1:] != told[:, :-1]).any(axis=0)
    starts[1:] |= np.diff(over) * site.hours >= SMALL * site.battery.kwh
    return _Blocks(np.cumsum(starts) - 1, np.flatnonzero(starts))


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """`of` (W): the block of each window; `firsts` (B): where each begins."""

    of: Int64
    firsts: Int64

    @property
    def count(self) -> int:
        return len(self.firsts)

    @property
    def sizes(self) -> Int64:
        return np.bincount(self.of, minlength=self.count)

    def total(self, values: Floats) -> Floats:
        found: Floats = np.bincount(self.of, weights=values, minlength=self.count).astype(np.float64)
        return found

    def rise(self, over: Floats) -> Floats:
        """By how much a block's kW rises above what was the lowest in it so far (B)."""
        apart = self.of * (over.max() + 1)
        lowest = np.minimum.accumulate(over - apart) + apart
        found: Floats = np.maximum.reduceat(over - lowest, self.firsts)
        return found

    def shared(self, energy: Floats, height: Floats, room: Floats, hours: float) -> Floats:
        """A block's energy (B, kWh) taken off its highest windows down to one level; `room` (W) is each one's most."""
        low = np.minimum.reduceat(height - room / hours, self.firsts)
        high = np.maximum.reduceat(height, self.firsts)
        for _ in range(HALVINGS):
            level = (low + high) / 2
            much = self.total(np.clip((height - level[self.of]) * hours, 0, room)) > energy
            low, high = np.where(much, level, low), np.where(much, high, level)
        found: Floats = np.clip((height - high[self.of]) * hours, 0, room)
        return found


class _Program:
    """Variables: what each block charges from the grid, from surplus, gives, and holds at its end, in kWh; the share of
    each level in each peak; and each peak as it is billed, in kW."""

    def __init__(self, site: _Site, blocks: _Blocks) -> None:
        self.site, self.blocks = site, blocks
        count, peaks = blocks.count, len(site.low)
        above = (site.high + site.battery.kw)[:, None]
        self.levels = np.hstack([site.low[:, None] + (site.high - site.low)[:, None] * STEPS, above])
        steps = self.levels.shape[1]
        self.charge, self.sun, self.give, self.held = np.arange(4 * count).reshape(4, count)
        self.share = 4 * count + np.arange(peaks * steps).reshape(peaks, steps)
        self.billed = 4 * count + peaks * steps + np.arange(peaks)
        self.size = 4 * count + peaks * (steps + 1)

    def run(self) -> _Plan:
        site, blocks = self.site, self.blocks
        found = solved(self._costs(), self._above(), self._equal(), self._bounds())
        gives, takes = found[self.give], found[self.charge]
        over = self._over(found)
        needed = [blocks.total(np.maximum(each, 0) * site.hours) for each in over]
        idle = np.clip(gives - np.max(needed, axis=0, initial=0.0), 0, takes * site.battery.efficiency)
        give = blocks.shared(gives - idle, site.taken, site.own, site.hours)
        sun = blocks.shared(found[self.sun], site.surplus / site.hours, site.surplus, site.hours)
        takes = takes - idle / site.battery.efficiency
        room = site.most - sun
        charge = blocks.shared(takes, give / site.hours - site.taken, room, site.hours)
        below = np.min(np.where(site.counts, -over, np.inf), axis=0, initial=site.battery.kw) * site.hours
        return _Plan(charge + sun, give, np.maximum(below, 0), float(found[self.held[-1]]))

    def _over(self, found: Floats) -> Floats:
        """kW above each peak as it is measured (K, W); nothing where it does not count."""
        peaks = (found[self.share] * self.levels).sum(axis=1)
        return np.where(self.site.counts, self.site.taken - peaks[:, None], 0)

    def _costs(self) -> Floats:
        costs, firsts = np.zeros(self.size), self.blocks.firsts
        taken, sent = self.site.cost[firsts], self.site.sent[firsts]
        costs[self.charge], costs[self.sun], costs[self.give] = taken + WEAR, sent + WEAR, WEAR - taken
        costs[self.billed] = [peak.price for peak in self.site.prices.peaks]
        return costs

    def _bounds(self) -> npt.NDArray[np.float64]:
        site, blocks = self.site, self.blocks
        top, low = np.full(self.size, np.inf), np.zeros(self.size)
        top[self.charge], top[self.sun] = blocks.sizes * site.most, blocks.total(site.surplus)
        top[self.give], top[self.held] = blocks.total(site.own), site.battery.kwh
        low[self.billed] = [peak.floor for peak in site.prices.peaks]
        return np.column_stack([low, top])

    def _equal(self) -> Rows:
        """What a block holds follows from the one before, the first from the last; the shares of a peak are one."""
        gained, equal = self.site.battery.efficiency, Rows()
        equal.put(0.0, self.blocks.count, (self.held, 1.0), (np.roll(self.held, 1), -1.0), (self.give, 1.0),
                  (self.charge, -gained), (self.sun, -gained))  # fmt: skip
        equal.put(1.0, len(self.share), (self.share.T, 1.0))
        return equal

    def _above(self) -> Rows:
        site, blocks, above = self.site, self.blocks, Rows()
        both = np.flatnonzero(blocks.total(site.surplus) > 0)
        limit = (blocks.sizes[both] * site.most).astype(np.float64)
        above.put(limit, len(both), (self.charge[both], 1.0), (self.sun[both], 1.0))
        shaved = np.zeros(blocks.count, dtype=np.bool_)
        for number in range(len(self.levels)):
            shaved |= self._peak(above, number)
        self._in_order(above, shaved)
        billed_rows(above, site.prices.peaks, list(zip(self.share, self.levels, strict=True)), self.billed)
        return above

    def _peak(self, above: Rows, number: int) -> Bool:
        """What blocks give at least and take at most for a peak to stay at its level; those that must give (B)."""
        site, blocks = self.site, self.blocks
        over = site.taken - self.levels[number][:, None]
        where = site.counts[number]
        gives = np.array([blocks.total(np.where(where, np.maximum(each, 0), 0) * site.hours) for each in over])
        takes = np.array(
            [blocks.total(np.where(where, np.clip(-each, 0, site.battery.kw), site.battery.kw) * site.hours)
             for each in over]
        )  # fmt: skip
        must = np.flatnonzero(gives[0] > 0)
        tight = np.flatnonzero(takes[0] < blocks.sizes * site.most - WEAR)
        shares = self.share[number][:, None]
        above.put(0.0, len(must), (self.give[must], -1.0), (shares, gives[:, must]))
        above.put(0.0, len(tight), (self.charge[tight], 1.0), (shares, -takes[:, tight]))
        found: Bool = gives[0] > 0
        return found

    def _in_order(self, above: Rows, shaved: Bool) -> None:
        """Blocks that must give hold enough for it when they begin; where they might take before they give, there is
        room for that too."""
        before, kwh, gained = np.roll(self.held, 1), self.site.battery.kwh, self.site.battery.efficiency
        first = np.flatnonzero(shaved)
        above.put(0.0, len(first), (self.give[first], 1.0), (before[first], -1.0))
        mixed = np.flatnonzero(shaved & (self.blocks.rise(self.site.over) * self.site.hours > SMALL * kwh))
        above.put(kwh, len(mixed), (before[mixed], 1.0), (self.charge[mixed], gained), (self.sun[mixed], gained))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What each window (W) takes in and gives, what it may take in before it sets a peak, and what is held at first; in
    kWh."""

    charge: Floats
    give: Floats
    room: Floats
    held: float


def _within(plan: _Plan, battery: Battery) -> tuple[Floats, Floats]:
    """The same run with nothing taken and given at once and nothing held beyond what fits, which sharing out may bring
    about by a little. It is run once more from what it ended with until it ends as full as it began."""
    charge, give = np.maximum(plan.charge - plan.give, 0), np.maximum(plan.give - plan.charge, 0)
    moved = charge * battery.efficiency - give
    spare = np.where(give > 0, 0, np.maximum(plan.room - charge, 0)) * battery.efficiency
    held, kept = plan.held, moved
    for _ in range(ROUNDS):
        path = _fitted(moved, spare, held, battery.kwh)
        kept, began, held = np.diff(path), held, float(path[-1])
        if abs(held - began) <= WEAR * battery.kwh:
            break
    return np.maximum(kept, 0) / battery.efficiency, np.maximum(-kept, 0)


def _fitted(moved: Floats, spare: Floats, held: float, most: float) -> Floats:
    """What is held before the first window and after each (W + 1). What does not fit waits, and is taken as soon as
    there is room for it."""
    path: Floats = held + np.concatenate(([0.0], np.cumsum(moved)))
    if path.min() >= 0 and path.max() <= most:
        return path
    found, waits = [held], 0.0
    for one, more in zip(moved.tolist(), spare.tolist(), strict=True):
        wished = held + one + min(waits, more)
        waits = max(waits - more, 0.0)
        held = min(max(wished, 0.0), most)
        waits += max(wished - most, 0.0)
        found.append(held)
    return np.array(found)
